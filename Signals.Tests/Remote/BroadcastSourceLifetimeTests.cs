using NUnit.Framework;

namespace Signals.Tests.Remote;

/// <summary>Sources over a network that distributes emissions.</summary>
[TestFixture]
internal sealed class BroadcastSourceLifetimeTests : SourceLifetimeFixture
{
    private protected override RemotePair Open() => new BroadcastPair();
}
