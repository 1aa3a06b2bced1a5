using Google.Protobuf;
using Signals.Ipc.Connections;
using Signals.Ipc.Framing;
using Signals.Ipc.Services;
using Signals.Ipc.Threading;

namespace Signals.Ipc.Client;

/// <summary>
/// A call with one reply, and the source of the caller's task. The receiving thread completes the task and runs its continuations, so that a reply
/// does not switch threads; if they block, another thread receives. A failure is set on the thread pool.
/// </summary>
internal sealed class PendingCall<TReply>(ServiceBinding binding, ServiceMethod method, UnsentRequest request, CallDetails? details)
    : TaskCompletionSource<TReply>,
        IPendingCall
    where TReply : class, IMessage<TReply>
{
    private UnsentRequest _request = request;

    private CancellationTokenRegistration _cancellation;

    /// <inheritdoc/>
    public ulong RequestId { get; set; }

    /// <inheritdoc/>
    public ServiceBinding Binding { get; } = binding;

    /// <inheritdoc/>
    public long Mark { get; private set; }

    /// <inheritdoc/>
    public CallDetails? Details { get; } = details;

    /// <inheritdoc/>
    public ServiceMethod Method { get; } = method;

    /// <inheritdoc/>
    public bool IsStream => false;

    /// <inheritdoc/>
    public bool IsQueued { get; set; }

    /// <inheritdoc/>
    public bool IsHeldBack { get; set; }

    /// <inheritdoc/>
    public bool IsLimited => true;

    /// <inheritdoc/>
    public int CreatedAt { get; } = Environment.TickCount;

    /// <inheritdoc/>
    public bool HasReplies => false;

    /// <summary>Ends the call when the token is canceled. Called before the call is sent, so that the reply cannot come earlier.</summary>
    internal void CancelWith(CancellationToken cancellationToken) =>
        _cancellation = cancellationToken.UnsafeRegister(static (state, token) => ((PendingCall<TReply>)state!).Cancel(token), this);

    /// <inheritdoc/>
    public bool TryKeep()
    {
        if (!_request.IsWanted || !Binding.Calls.TryAddWaiting(this))
        {
            return false;
        }

        _request.Keep(Binding.Calls.KeptRequests);
        return true;
    }

    /// <inheritdoc/>
    public bool TryWrite(FrameWriter writer)
    {
        Mark = _request.IsWanted ? Binding.Calls.Write(this, _request, writer) : 0;
        _request.Drop(Binding);
        return Mark != 0;
    }

    /// <inheritdoc/>
    public void Withdraw() => _request.Drop(Binding);

    /// <inheritdoc/>
    public void OnAccepted() { }

    /// <inheritdoc/>
    public void OnFailed(Exception exception)
    {
        Binding.Calls.Abandon(this);
        Fail(exception);
    }

    /// <inheritdoc/>
    public void OnReply(in InvokeMethodReplyBody reply)
    {
        _cancellation.Unregister();
        if (ReplyReader.TryRead(Method, reply, out TReply? message, out IpcCallException? failure))
        {
            using UserCodeSection continuations = Binding.Connection.EnterUserCode();
            TrySetResult(message);
        }
        else
        {
            Fail(ReplyReader.AsTimeout(failure, this) ?? failure);
        }
    }

    /// <inheritdoc/>
    public void Fail(Exception exception)
    {
        _cancellation.Unregister();

        // Each call has its own work item: the code that awaits it may block, which must not delay the failure of other calls or block this thread.
        ThreadPool.UnsafeQueueUserWorkItem(
            static failed => failed.Call.TrySetException(failed.Exception),
            (Call: this, Exception: exception),
            preferLocal: false
        );
    }

    private void Cancel(CancellationToken cancellationToken)
    {
        Binding.Calls.Abandon(this);
        ThreadPool.UnsafeQueueUserWorkItem(
            static cancelled => cancelled.Call.TrySetCanceled(cancelled.Token),
            (Call: this, Token: cancellationToken),
            preferLocal: false
        );
    }
}
