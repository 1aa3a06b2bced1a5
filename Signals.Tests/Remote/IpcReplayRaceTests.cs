using NUnit.Framework;
using Signals.Ipc;

namespace Signals.Tests.Remote;

/// <summary>Races of subscriptions and emissions, in both directions of a socket.</summary>
[TestFixture(false)]
[TestFixture(true)]
internal sealed class IpcReplayRaceTests(bool isReverse) : ReplayRaceFixture
{
    private protected override RemotePair Open() => isReverse ? new IpcReversePair(IpcEndpoint.UnixSocket) : new IpcPair(IpcEndpoint.UnixSocket);
}
