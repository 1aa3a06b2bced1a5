using NUnit.Framework;
using Signals.Ipc;

namespace Signals.Tests.Remote;

/// <summary>All rules from a host to a client, over each transport.</summary>
[TestFixture("unix")]
[TestFixture("relayed")]
[TestFixture("tcp")]
[TestFixture("memory")]
internal sealed class IpcSignalTests(string medium) : DirectSignalFixture
{
    private protected override RemotePair Open() =>
        medium switch
        {
            "tcp" => new IpcPair(static _ => IpcEndpoint.Parse("127.0.0.1:0")),
            "memory" => new IpcPair(IpcEndpoint.InMemory),
            _ => new IpcPair(static path => IpcEndpoint.UnixSocket(path), isRelayed: medium == "relayed"),
        };
}
