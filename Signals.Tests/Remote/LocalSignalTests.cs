using NUnit.Framework;

namespace Signals.Tests.Remote;

/// <summary>All rules within a process.</summary>
[TestFixture]
internal sealed class LocalSignalTests : DirectSignalFixture
{
    private protected override RemotePair Open() => new LocalPair();
}
