namespace Signals.Ipc.Services;

/// <summary>The pending reply of a call that is observed, whose writer determines the end of the call.</summary>
internal sealed class ObservedReply : PendingReply
{
    private readonly ObservedCall _observed;

    internal ObservedReply(in IncomingCall call, long requestBytes, ObservedCall observed)
        : base(call, requestBytes, endsWhenCancelled: true)
    {
        _observed = observed;
    }

    protected override void OnEnded(Exception? failure) => _observed.End(failure ?? (Context.IsCancelled ? new OperationCanceledException() : null));
}
