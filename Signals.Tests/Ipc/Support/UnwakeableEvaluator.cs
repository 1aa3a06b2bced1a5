namespace Signals.Tests.Ipc.Support;

/// <summary>An evaluator whose thread or window is gone: telling it that there is something to do throws.</summary>
internal sealed class UnwakeableEvaluator : ConnectionEvaluator
{
    protected override void OnInvocationAdded() => throw new InvalidOperationException("asleep");
}
