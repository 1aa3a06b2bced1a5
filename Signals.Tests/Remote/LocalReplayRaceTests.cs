using NUnit.Framework;

namespace Signals.Tests.Remote;

/// <summary>Races of subscriptions and emissions, within a process.</summary>
[TestFixture]
internal sealed class LocalReplayRaceTests : ReplayRaceFixture
{
    private protected override RemotePair Open() => new LocalPair();
}
