using NUnit.Framework;

namespace Signals.Tests.Remote;

/// <summary>Patterns within a process.</summary>
[TestFixture]
internal sealed class LocalPatternTests : PatternFixture
{
    private protected override RemotePair Open() => new LocalPair();
}
