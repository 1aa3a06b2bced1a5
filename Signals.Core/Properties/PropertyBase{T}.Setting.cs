using System.Runtime.CompilerServices;

namespace Signals;

/// <content>Sets of properties that have no observers other than slots, outside of computations, effects and batches.</content>
public abstract partial class PropertyBase<T>
{
    /// <summary>Indicates whether comparing values is no more than comparing bits, so that it may be done while the lock is held.</summary>
    private static readonly bool IsComparedInLock = IsAtomic && typeof(T).IsValueType;

    /// <summary>
    /// Sets the value of a property that has no observers other than slots, without a queue. Returns false, and changes nothing, if the queue is needed
    /// because of the property or of other activity. Called while the lock is not held.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private protected bool TrySetPlainly(T value)
    {
        PropertyExtras<T>? extras = _extras;
        return IsComparedInLock
            && PropertyContext.IsPlain
            && _options is null
            && (extras is null ? TryStoreAlone(value) : TryStoreAndTell(value, expectedVersion: 0, extras));
    }

    private bool TryStoreAlone(T value)
    {
        PropertyGraph.Lock.Enter();
        bool isAlone = _extras is null;
        if (isAlone && !EqualityComparer<T>.Default.Equals(_value, value))
        {
            Write(value, PropertyGraph.NextSourceVersion());
        }

        PropertyGraph.Lock.Exit();
        return isAlone;
    }

    /// <summary>
    /// Stores a value of a property that has no observers other than slots, and calls these, without a queue. Returns false if it must be queued.
    /// Called while the lock is not held.
    /// </summary>
    /// <param name="value">The value.</param>
    /// <param name="expectedVersion">The version of a value that was found to differ, or zero to compare with the current value.</param>
    /// <param name="extras">The extras of the property.</param>
    private protected bool TryStoreAndTell(T value, long expectedVersion, PropertyExtras<T> extras)
    {
        PropertyScope scope = Scope;
        PropertyGraph.Lock.Enter();
        long before = Version;
        if (
            !extras.HasSlots
            || extras.DependentCount != 0
            || extras.IsReadOnly
            || extras.Given is not null
            || (expectedVersion == 0 ? extras.Changing is not null : before != expectedVersion)
            || !scope.IsIdle
        )
        {
            PropertyGraph.Lock.Exit();
            return false;
        }

        if (expectedVersion == 0 && EqualityComparer<T>.Default.Equals(_value, value))
        {
            PropertyGraph.Lock.Exit();
            return true;
        }

        scope.IsTelling = true;
        long version = PropertyGraph.NextSourceVersion();
        Write(value, version);
        extras.SetBase(value, version);
        extras.ToldNumber = ++extras.QueuedCount;
        extras.ToldVersion = version;
        PropertyGraph.Lock.Exit();

        try
        {
            extras.Changed!.Emit(value);
        }
        catch (Exception exception)
        {
            EndFailedTelling(scope, exception);
            return true;
        }

        PropertyGraph.Lock.Enter();
        bool isIdle = scope.TryEndTelling();
        PropertyGraph.Lock.Exit();
        if (!isIdle)
        {
            var failures = new PropertyFailures();
            scope.TellRest(PropertyContext.Current, ref failures);
            failures.ThrowIfAny();
        }

        return true;
    }

    private static void EndFailedTelling(PropertyScope scope, Exception exception)
    {
        var failures = new PropertyFailures();
        failures.AddFromSignal(exception);
        PropertyGraph.Lock.Enter();
        bool isIdle = scope.TryEndTelling();
        PropertyGraph.Lock.Exit();
        if (!isIdle)
        {
            scope.TellRest(PropertyContext.Current, ref failures);
        }

        failures.ThrowIfAny();
    }
}
