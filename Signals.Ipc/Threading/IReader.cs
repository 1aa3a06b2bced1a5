namespace Signals.Ipc.Threading;

/// <summary>A connection that is read by one thread at a time. The members are called by the thread that observes all of them, and run no user code.</summary>
internal interface IReader
{
    /// <summary>Gets a value that indicates whether the loop, which waits for a thread of the pool, has something to do.</summary>
    bool CanReadOn { get; }

    /// <summary>Prepares the connection for its next reading thread, because user code blocks the present one.</summary>
    void OnBlocked();

    /// <summary>Lets another thread read on.</summary>
    void ReadOn();

    /// <summary>Sends the frames that wait for a thread of the pool.</summary>
    void SendOverdue();
}
