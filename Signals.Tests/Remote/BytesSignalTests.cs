using NUnit.Framework;

namespace Signals.Tests.Remote;

/// <summary>All rules over an exchange of bytes.</summary>
[TestFixture]
internal sealed class BytesSignalTests : DirectSignalFixture
{
    private protected override RemotePair Open() => new BytesPair();
}
