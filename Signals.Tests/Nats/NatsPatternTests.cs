using NUnit.Framework;
using Signals.Tests.Remote;

namespace Signals.Tests.Nats;

/// <summary>Imports by patterns over a server.</summary>
[TestFixture]
[NeedsNatsServer]
internal sealed class NatsPatternTests : PatternFixture
{
    private protected override RemotePair Open() => new NatsPair();
}
