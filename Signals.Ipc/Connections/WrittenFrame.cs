using Microsoft.Extensions.Logging;

namespace Signals.Ipc.Connections;

/// <summary>A frame that has waited, after the attempt to write it.</summary>
/// <param name="Frame">The frame.</param>
/// <param name="IsWritten">A value that indicates whether it has been written. If not, it is no longer wanted, or has failed.</param>
/// <param name="Failure">The exception with which it failed, or null.</param>
internal readonly record struct WrittenFrame(IQueuedFrame Frame, bool IsWritten, Exception? Failure)
{
    /// <summary>Writes a frame. An exception fails the frame, not the connection. Called inside the sender's lock.</summary>
    internal static WrittenFrame Of(IQueuedFrame frame, FrameWriter writer)
    {
        try
        {
            return new WrittenFrame(frame, frame.TryWrite(writer), null);
        }
        catch (Exception exception)
        {
            return new WrittenFrame(frame, IsWritten: false, exception);
        }
    }

    /// <summary>Reports the result to the frame. This may run user continuations, which must not stop the sending. Called outside the lock.</summary>
    internal void Report(ILogger logger)
    {
        try
        {
            if (Failure is not null)
            {
                Frame.OnFailed(Failure);
            }
            else if (IsWritten)
            {
                Frame.OnAccepted();
            }
        }
        catch (Exception exception)
        {
            IpcLog.ContinuationThrew(logger, exception);
        }
    }
}
