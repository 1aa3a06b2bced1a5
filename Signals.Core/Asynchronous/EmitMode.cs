namespace Signals;

/// <summary>Specifies the order in which an asynchronous emission awaits the asynchronous slots: see <see cref="Signal{T}.EmitAsync"/>.</summary>
public enum EmitMode
{
    /// <summary>Each slot starts when the run of the previous one has ended.</summary>
    Sequential,

    /// <summary>All slots are started in order, and then all of their runs are awaited.</summary>
    Concurrent,
}
