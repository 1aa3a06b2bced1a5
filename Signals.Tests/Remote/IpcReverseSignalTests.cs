using NUnit.Framework;
using Signals.Ipc;

namespace Signals.Tests.Remote;

/// <summary>All rules from a client to its host, which imports from this client or from all of them.</summary>
[TestFixture("unix", false)]
[TestFixture("memory", false)]
[TestFixture("unix", true)]
[TestFixture("memory", true)]
internal sealed class IpcReverseSignalTests(string medium, bool isMerged) : DirectSignalFixture
{
    private protected override RemotePair Open() =>
        new IpcReversePair(medium == "memory" ? IpcEndpoint.InMemory : static path => IpcEndpoint.UnixSocket(path), isMerged: isMerged);
}
