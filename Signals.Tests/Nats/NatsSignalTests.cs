using NUnit.Framework;
using Signals.Tests.Remote;

namespace Signals.Tests.Nats;

/// <summary>All rules over a server, without and with replays from the memory of the exporter.</summary>
[TestFixture(false)]
[TestFixture(true)]
[NeedsNatsServer]
internal sealed class NatsSignalTests(bool hasReplay) : RemoteSignalFixture
{
    private protected override RemotePair Open() => new NatsPair(hasReplay);
}
