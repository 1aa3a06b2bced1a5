using Signals.Ipc.Connections;
using Signals.Ipc.Framing;

namespace Signals.Tests.Support;

/// <summary>A frame that waits for room, and records its outcome.</summary>
internal sealed class QueuedFrame(MessageFrame frame, bool isWanted = true, Action? onAccepted = null) : IQueuedFrame
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsQueued { get; set; }

    public bool IsHeldBack { get; set; }

    public bool IsLimited { get; init; }

    /// <summary>Ends when the frame has been accepted, or fails with it.</summary>
    internal Task Done => _done.Task;

    public bool TryKeep() => isWanted;

    public bool TryWrite(FrameWriter writer)
    {
        if (isWanted)
        {
            writer.Write(frame);
        }

        return isWanted;
    }

    public void Withdraw() => isWanted = false;

    public void OnAccepted()
    {
        _done.SetResult();
        onAccepted?.Invoke();
    }

    public void OnFailed(Exception exception) => _done.SetException(exception);
}
