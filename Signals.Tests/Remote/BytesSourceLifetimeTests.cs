using NUnit.Framework;

namespace Signals.Tests.Remote;

/// <summary>Exports of an exchange of bytes.</summary>
[TestFixture]
internal sealed class BytesSourceLifetimeTests : SourceLifetimeFixture
{
    private protected override RemotePair Open() => new BytesPair();
}
