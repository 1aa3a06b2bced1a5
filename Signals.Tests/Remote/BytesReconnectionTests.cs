using NUnit.Framework;

namespace Signals.Tests.Remote;

/// <summary>Lost connections of an exchange of bytes.</summary>
[TestFixture]
internal sealed class BytesReconnectionTests : ReconnectionFixture
{
    private protected override RemotePair Open() => new BytesPair();
}
