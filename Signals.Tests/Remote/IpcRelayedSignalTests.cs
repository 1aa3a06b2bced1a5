using NUnit.Framework;

namespace Signals.Tests.Remote;

/// <summary>All rules from a client through its host to another client.</summary>
[TestFixture]
internal sealed class IpcRelayedSignalTests : RemoteSignalFixture
{
    private protected override RemotePair Open() => new IpcRelayedPair(endsLingering: true);
}
