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

    /// <summary>Returns an rpc with one reply.</summary>
    internal static string Rpc(string name) => $"rpc {name}(Q) returns (R);";

    /// <summary>Returns an rpc with a stream of replies.</summary>
    internal static string StreamRpc(string name) => $"rpc {name}(Q) returns (stream R);";
}
