namespace Signals.Remote;

/// <summary>The behavior of a subscription whose queue is full.</summary>
public enum RemoteOverflow
{
    /// <summary>The oldest value that has not been sent is dropped, and <see cref="Missed"/> counts it.</summary>
    DropOldest,

    /// <summary>Only the latest value is kept: at most one is on its way, and one waits.</summary>
    Latest,

    /// <summary>The subscription ends after the queued values have been delivered: the import is <see cref="RemoteState.Refused"/> ("too slow").</summary>
    Disconnect,
}
