using NUnit.Framework;

namespace Signals.Tests.Remote;

/// <summary>Exports within a process.</summary>
[TestFixture]
internal sealed class LocalSourceLifetimeTests : SourceLifetimeFixture
{
    private protected override RemotePair Open() => new LocalPair();
}
