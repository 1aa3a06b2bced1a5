using System.Diagnostics;

namespace Signals.Ipc.Client;

/// <summary>Counts the streams of a connection whose buffers are full. Receiving is paused exactly while there is one.</summary>
internal sealed class FullStreams(ClientConnection connection)
{
    /// <summary>Guards the count and pausing. Taken inside the lock of a stream.</summary>
    private readonly Lock _lock = new();

    private int _count;

    /// <summary>Counts a stream whose buffer is full. Receiving is paused until <see cref="Remove"/> is called.</summary>
    internal void Add()
    {
        lock (_lock)
        {
            AssertInvariants();
            if (_count++ == 0)
            {
                connection.PauseReading();
            }
        }
    }

    /// <summary>Stops counting a full stream that has been read or has ended. Receiving resumes when no stream is full.</summary>
    internal void Remove()
    {
        lock (_lock)
        {
            AssertInvariants();
            if (--_count == 0)
            {
                connection.ResumeReading();
            }
        }
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(_count >= 0, "Each full stream is counted once.");
    }
}
