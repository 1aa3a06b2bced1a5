using NUnit.Framework;
using Signals.Ipc;

namespace Signals.Tests.Remote;

/// <summary>All rules from a client to its host.</summary>
[TestFixture("unix")]
[TestFixture("memory")]
internal sealed class IpcReverseSignalTests(string medium) : RemoteSignalFixture
{
    private protected override RemotePair Open() =>
        medium == "memory" ? new IpcReversePair(IpcEndpoint.InMemory) : new IpcReversePair(IpcEndpoint.UnixSocket);
}
