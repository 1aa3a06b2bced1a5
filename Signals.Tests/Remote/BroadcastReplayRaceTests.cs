using NUnit.Framework;

namespace Signals.Tests.Remote;

/// <summary>Races over a network that distributes emissions.</summary>
[TestFixture]
internal sealed class BroadcastReplayRaceTests : ReplayRaceFixture
{
    private protected override RemotePair Open() => new BroadcastPair();
}
