using NUnit.Framework;

namespace Signals.Tests.Remote;

/// <summary>Patterns over a network that distributes emissions.</summary>
[TestFixture]
internal sealed class BroadcastPatternTests : PatternFixture
{
    private protected override RemotePair Open() => new BroadcastPair();
}
