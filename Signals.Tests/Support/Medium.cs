namespace Signals.Tests.Support;

/// <summary>Specifies over which transport the tests of a fixture run.</summary>
public enum Medium
{
    /// <summary>A UNIX socket with a file.</summary>
    SocketFile,

    /// <summary>Memory of the process.</summary>
    InMemory,
}
