using NUnit.Framework;
using Signals.Tests.Remote;

namespace Signals.Tests.Nats;

/// <summary>Races over a server.</summary>
[TestFixture(false)]
[TestFixture(true)]
[NeedsNatsServer]
internal sealed class NatsReplayRaceTests(bool hasReplay) : ReplayRaceFixture
{
    private protected override RemotePair Open() => new NatsPair(hasReplay);
}
