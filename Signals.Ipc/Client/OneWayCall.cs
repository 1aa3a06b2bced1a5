using Signals.Ipc.Connections;

namespace Signals.Ipc.Client;

/// <summary>A call without a reply that waits for room in the send buffer. Its task completes when the call has been accepted for sending.</summary>
internal sealed class OneWayCall(ServiceBinding binding, UnsentRequest request, CallDetails? details)
    : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously),
        IQueuedFrame
{
    private UnsentRequest _request = request;

    private CancellationTokenRegistration _cancellation;

    internal ServiceBinding Binding { get; } = binding;

    /// <inheritdoc/>
    public bool IsQueued { get; set; }

    /// <inheritdoc/>
    public bool IsHeldBack { get; set; }

    /// <inheritdoc/>
    public bool IsLimited => false;

    internal void CancelWith(CancellationToken cancellationToken)
    {
        _cancellation = cancellationToken.UnsafeRegister(static (state, token) => ((OneWayCall)state!).Cancel(token), this);
        if (Task.IsCompleted)
        {
            // The call was accepted before there was a registration to remove.
            _cancellation.Unregister();
        }
    }

    /// <inheritdoc/>
    public bool TryKeep()
    {
        _request.Keep(Binding.Calls.KeptRequests);
        return true;
    }

    /// <inheritdoc/>
    public bool TryWrite(FrameWriter writer)
    {
        if (!_request.IsWanted)
        {
            return false;
        }

        writer.Write(new OneWayFrame(Binding, _request, details));
        _request.Drop(Binding);
        return true;
    }

    /// <inheritdoc/>
    public void Withdraw() => _request.Drop(Binding);

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
        // A call that has been accepted in the meantime is sent, so it cannot be canceled.
        if (Binding.Connection.Sender.Withdraw(this))
        {
            TrySetCanceled(cancellationToken);
        }
    }
}
