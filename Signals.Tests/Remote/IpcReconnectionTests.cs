using NUnit.Framework;
using Signals.Ipc;

namespace Signals.Tests.Remote;

/// <summary>Lost connections between a client and its host, of which either exports. An import from all clients outlives their connections.</summary>
[TestFixture(false)]
[TestFixture(true)]
internal sealed class IpcReconnectionTests(bool isReverse) : ReconnectionFixture
{
    private protected override RemotePair Open() =>
        isReverse
            ? new IpcReversePair(static path => IpcEndpoint.UnixSocket(path), isMerged: true, isRelayed: true)
            : new IpcPair(static path => IpcEndpoint.UnixSocket(path), isRelayed: true);
}
