using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>
/// The data that the tracker has about a connection, and the target of the delegate that the signal then calls instead of the slot. The signal
/// keeps it alive, and nothing else does.
/// </summary>
/// <param name="signal">The record of the signal.</param>
/// <param name="slot">The delegate that the signal would call without the tracker.</param>
/// <param name="group">The group of the connection.</param>
internal sealed class TrackedConnection(SignalRecord signal, Delegate slot, int group)
{
    private readonly long _created = TrackedObjects.Time.GetTimestamp();
    private readonly ThreadSet _threads = new();
    private long _emissions;

    /// <summary>The name of the slice of a call, or null as long as there was none.</summary>
    private string? _traceName;

    /// <summary>Gets the delegate that the signal would call without the tracker.</summary>
    internal Delegate Slot => slot;

    internal SignalRecord Signal => signal;

    internal int Group => group;

    internal TimeSpan Age => TrackedObjects.Time.GetElapsedTime(_created);

    /// <summary>Gets the number of emissions that have reached the connection.</summary>
    internal long Emissions => Volatile.Read(ref _emissions);

    /// <summary>Gets the number of threads on which emissions have reached the connection, up to <see cref="ThreadSet.Limit"/>.</summary>
    internal int ThreadCount => _threads.Count;

    /// <summary>Returns the delegate behind the one that a signal calls, which is the same if the tracker is not supported.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Delegate SlotOf(Delegate called) => SignalTracker.IsSupported && called.Target is TrackedConnection tracked ? tracked.Slot : called;

    /// <summary>Returns the target of the delegate behind the one that a signal calls.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static object? TargetOf(Delegate called) => SlotOf(called).Target;

    /// <summary>Takes note of an emission, and begins the slice of the slot if a trace is active. Called before the slot.</summary>
    internal TraceScope Begin()
    {
        Interlocked.Increment(ref _emissions);
        _threads.Add(Environment.CurrentManagedThreadId);
        return TraceBuffer.OfThread() is { } buffer ? Begin(buffer) : default;
    }

    private TraceScope Begin(TraceBuffer buffer)
    {
        bool isQueued = slot.Target is SlotAdapter { RunsOn: not null };
        _traceName ??= isQueued ? $"queue {TypeNames.Of(slot)}" : TypeNames.Of(slot);
        return isQueued ? TraceScope.BeginQueueing(buffer, _traceName) : TraceScope.Begin(buffer, TraceEventKind.Slot, _traceName);
    }
}
