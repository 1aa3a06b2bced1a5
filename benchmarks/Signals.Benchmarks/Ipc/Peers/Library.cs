namespace Signals.Benchmarks.Ipc.Peers;

/// <summary>A compared library.</summary>
/// <param name="Name">The name in the command line of the other process.</param>
/// <param name="Kind">The column of the table.</param>
/// <param name="ConnectAsync">Connects a client to a host at a path.</param>
/// <param name="StartAsync">Starts a host at a path. Completes when it accepts clients.</param>
internal sealed record Library(string Name, PeerKind Kind, Func<string, Task<EchoClient>> ConnectAsync, Func<string, Task<IAsyncDisposable>> StartAsync)
{
    internal static Library Signals { get; } = new("signals", PeerKind.Ours, SignalsEchoClient.ConnectAsync, SignalsEchoHost.StartAsync);

    internal static Library Grpc { get; } = new("grpc", PeerKind.Grpc, GrpcEchoClient.ConnectAsync, GrpcEchoHost.StartAsync);

    internal static Library JsonRpc { get; } = new("jsonrpc", PeerKind.JsonRpc, JsonRpcEchoClient.ConnectAsync, JsonRpcEchoHost.StartAsync);

    internal static Library Raw { get; } = new("raw", PeerKind.AwaitedSocket, RawEchoClient.ConnectAsync, RawEchoHost.StartAsync);

    /// <summary>A host that sends each of its frames with a send of its own. Its clients are those of this library.</summary>
    internal static Library Unbatched { get; } = new("unbatched", PeerKind.Ours, SignalsEchoClient.ConnectAsync, UnbatchedHost.StartAsync);

    /// <summary>Gets the libraries that take turns. This library is the first.</summary>
    internal static IReadOnlyList<Library> All { get; } = [Signals, Grpc, JsonRpc, Raw];

    /// <exception cref="FormatException">There is no library of this name.</exception>
    internal static Library Of(string name) =>
        All.Append(Unbatched).FirstOrDefault(library => library.Name == name) ?? throw new FormatException($"The library {name} does not exist.");
}
