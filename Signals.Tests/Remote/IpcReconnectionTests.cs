using NUnit.Framework;
using Signals.Ipc;

namespace Signals.Tests.Remote;

/// <summary>Lost connections from a host to a client.</summary>
[TestFixture]
internal sealed class IpcReconnectionTests : ReconnectionFixture
{
    private protected override RemotePair Open() => new IpcPair(static path => IpcEndpoint.UnixSocket(path), isRelayed: true);
}
