using NUnit.Framework;
using Signals.Tests.Remote;

namespace Signals.Tests.Nats;

/// <summary>A connection to the server that is lost.</summary>
[TestFixture(false)]
[TestFixture(true)]
[NeedsNatsServer]
internal sealed class NatsReconnectionTests(bool hasReplay) : ReconnectionFixture
{
    private protected override RemotePair Open() => new NatsPair(hasReplay, isRelayed: true);
}
