using Signals.Ipc.Sockets;

namespace Signals.Ipc.Client;

/// <summary>A call without an answer that waits for room. Its task ends when the call has been accepted to be sent.</summary>
internal sealed class OneWayCall(ServiceBinding binding, UnsentRequest request)
    : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously),
        IQueuedFrame
{
    private UnsentRequest _request = request;

    private CancellationTokenRegistration _cancellation;

    internal ServiceBinding Binding { get; } = binding;

    /// <inheritdoc/>
    public bool IsQueued { get; set; }

    internal void CancelWith(CancellationToken cancellationToken)
    {
        _cancellation = cancellationToken.UnsafeRegister(static (state, token) => ((OneWayCall)state!).Cancel(token), this);
        if (Task.IsCompleted)
        {
            // Accepted before there was anything to unregister.
            _cancellation.Unregister();
        }
    }

    /// <inheritdoc/>
    public bool TryKeep()
    {
        _request.Keep();
        return true;
    }

    /// <inheritdoc/>
    public bool TryWrite(FrameSender.Writer writer)
    {
        writer.Write(new OneWayFrame(Binding, _request));
        _request.Drop();
        return true;
    }

    /// <inheritdoc/>
    public void Withdraw() { }

    /// <inheritdoc/>
    public void OnAccepted()
    {
        TrySetResult();
        _cancellation.Unregister();
    }

    /// <inheritdoc/>
    public void OnFailed(Exception exception)
    {
        TrySetException(exception);
        _cancellation.Unregister();
    }

    private void Cancel(CancellationToken cancellationToken)
    {
        // What has been accepted meanwhile is sent, so it was not cancelled.
        if (Binding.Connection.Sender.Withdraw(this))
        {
            TrySetCanceled(cancellationToken);
        }
    }
}
