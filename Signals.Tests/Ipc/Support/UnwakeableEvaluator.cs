namespace Signals.Tests.Ipc.Support;

/// <summary>An evaluator whose thread or window no longer exists: notifying it of an invocation throws.</summary>
internal sealed class UnwakeableEvaluator : ConnectionEvaluator
{
    protected override void OnInvocationAdded() => throw new InvalidOperationException("asleep");
}
