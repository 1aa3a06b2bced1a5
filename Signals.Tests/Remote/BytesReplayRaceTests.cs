using NUnit.Framework;

namespace Signals.Tests.Remote;

/// <summary>Races of subscriptions and emissions, over bytes.</summary>
[TestFixture]
internal sealed class BytesReplayRaceTests : ReplayRaceFixture
{
    private protected override RemotePair Open() => new BytesPair();
}
