using NUnit.Framework;

namespace Signals.Tests.Remote;

/// <summary>Lost connections of a client that imports what its host relays.</summary>
[TestFixture]
internal sealed class IpcRelayedReconnectionTests : ReconnectionFixture
{
    private protected override RemotePair Open() => new IpcRelayedPair();
}
