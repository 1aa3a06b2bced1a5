using NUnit.Framework;

namespace Signals.Tests.Remote;

/// <summary>All rules over a network that distributes emissions.</summary>
[TestFixture]
internal sealed class BroadcastSignalTests : RemoteSignalFixture
{
    private protected override RemotePair Open() => new BroadcastPair();
}
