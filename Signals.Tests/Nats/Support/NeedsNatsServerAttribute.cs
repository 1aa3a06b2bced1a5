using NUnit.Framework;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace Signals.Tests.Nats;

/// <summary>Has tests reported as skipped where the program is not installed, with the command that installs it.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class NeedsNatsServerAttribute : NUnitAttribute, IApplyToTest
{
    private const string Reason = "This test needs nats-server. Install it: apt-get install nats-server";

    public void ApplyToTest(Test test)
    {
        if (NatsServer.Program is null && test.RunState != RunState.NotRunnable)
        {
            test.RunState = RunState.Ignored;
            test.Properties.Set(PropertyNames.SkipReason, Reason);
        }
    }
}
