using NUnit.Framework;
using Signals.Tests.Remote;

namespace Signals.Tests.Nats;

/// <summary>Sources of exports over a server.</summary>
[TestFixture]
[NeedsNatsServer]
internal sealed class NatsSourceLifetimeTests : SourceLifetimeFixture
{
    private protected override RemotePair Open() => new NatsPair();
}
