namespace Signals.Benchmarks.Remote;

/// <summary>The names of the compared libraries and of their sockets.</summary>
internal static class Library
{
    internal const string Signals = "signals";
    internal const string Socket = "socket";
    internal const string Grpc = "grpc";
    internal const string JsonRpc = "jsonrpc";

    /// <summary>The socket by which the receiving process controls the emitting one.</summary>
    internal const string Control = "control";
}
