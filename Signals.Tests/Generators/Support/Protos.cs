namespace Signals.Tests.Generators.Support;

/// <summary>Texts of .proto files.</summary>
internal static class Protos
{
    internal const string Greeter = """
        syntax = "proto3";
        package greeter;
        option csharp_namespace = "Greeter";

        message Request { string name = 1; }
        message Reply { string message = 1; }

        // Greets people.
        // Politely & in <several> languages.
        service Greeter {
          // Says hello.
          rpc SayHello(Request) returns (Reply);
          rpc wave_goodbye(Request) returns (Reply); // Not a comment of the next rpc.
          rpc WatchGreetings(Request) returns (stream Reply);
        }
        """;

    internal const string Thermometer = """
        syntax = "proto3";
        package weather;
        option csharp_namespace = "Weather";
        import "google/protobuf/empty.proto";
        import "signals/options.proto";

        message Degrees { double value = 1; }

        service Thermometer {
          rpc Calibrate(Degrees) returns (Degrees);

          // Emitted when it freezes.
          rpc frost_began(google.protobuf.Empty) returns (stream Degrees) { option (signals.signal) = true; }

          rpc Temperature(google.protobuf.Empty) returns (stream Degrees) { option (signals.property) = true; }
          rpc Watch(Degrees) returns (stream Degrees) { option (signals.signal) = false; }
        }
        """;

    /// <summary>Returns a file with two messages and one service.</summary>
    /// <param name="service">The name of the service.</param>
    /// <param name="rpcs">The rpcs, each as it is written in a file.</param>
    internal static string Service(string service, params string[] rpcs) =>
        $$"""
            syntax = "proto3";
            package test;

            message Q { string text = 1; }
            message R { string text = 1; }

            service {{service}} {
              {{string.Join("\n  ", rpcs)}}
            }
            """;

    /// <summary>Returns a file with two messages, an empty one and one service, which may use the options of signals and properties.</summary>
    internal static string SignalService(string service, params string[] rpcs) =>
        Service(service, rpcs).Replace("message Q", "import \"signals/options.proto\";\n\nmessage E {}\nmessage Q");

    /// <summary>Returns an rpc with a stream of replies and an option.</summary>
    internal static string OptionRpc(string name, string option) => $"rpc {name}(E) returns (stream R) {{ option (signals.{option}) = true; }}";

    /// <summary>Returns an rpc with one reply.</summary>
    internal static string Rpc(string name) => $"rpc {name}(Q) returns (R);";

    /// <summary>Returns an rpc with a stream of replies.</summary>
    internal static string StreamRpc(string name) => $"rpc {name}(Q) returns (stream R);";
}
