using NUnit.Framework;

namespace Signals.Tests.Remote;

/// <summary>Patterns over an exchange of bytes.</summary>
[TestFixture]
internal sealed class BytesPatternTests : PatternFixture
{
    private protected override RemotePair Open() => new BytesPair();
}
