using NUnit.Framework;

namespace Signals.Tests.Remote;

/// <summary>Lost connections over a network that distributes emissions.</summary>
[TestFixture]
internal sealed class BroadcastReconnectionTests : ReconnectionFixture
{
    private protected override RemotePair Open() => new BroadcastPair();
}
