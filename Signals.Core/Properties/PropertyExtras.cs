namespace Signals;

/// <summary>The state that only observed properties and those with rare features need. Guarded by the lock of <see cref="PropertyGraph"/>.</summary>
internal class PropertyExtras
{
    private const int SmallCapacity = 4;

    /// <summary>The observed computations and effects that have read the property, in no particular order.</summary>
    internal Dependent[] Dependents = [];

    internal int DependentCount;

    /// <summary>The exception of the last run, or null.</summary>
    internal Exception? Failure;

    /// <summary>Indicates whether the signal of the property has connections.</summary>
    internal bool HasSlots;

    internal bool IsDisposed;

    /// <summary>Indicates whether the property cannot be set, because it is bound or has been disposed.</summary>
    internal bool IsReadOnly;

    internal bool IsObserved => HasSlots || DependentCount > 0;

    /// <summary>Adds a reader and returns its position.</summary>
    internal int Add(PropertyBase reader, int index)
    {
        if (DependentCount == Dependents.Length)
        {
            Array.Resize(ref Dependents, Math.Max(SmallCapacity, DependentCount * 2));
        }

        Dependents[DependentCount] = new Dependent(reader, index);
        if (DependentCount == 0)
        {
            OnDependents(exist: true);
        }

        return DependentCount++;
    }

    /// <summary>Removes a reader. The last one takes its place.</summary>
    internal void RemoveAt(int position)
    {
        int last = --DependentCount;
        if (position != last)
        {
            Dependent moved = Dependents[last];
            Dependents[position] = moved;
            moved.Reader.State.Positions[moved.Index] = position;
        }

        Dependents[last] = default;
        if (last == 0)
        {
            OnDependents(exist: false);
            if (Dependents.Length > SmallCapacity)
            {
                Dependents = [];
            }
        }
        else if (last < Dependents.Length / 4 && Dependents.Length > 4 * SmallCapacity)
        {
            Array.Resize(ref Dependents, Dependents.Length / 2);
        }
    }

    /// <summary>Called when the first reader comes and the last one goes.</summary>
    private protected virtual void OnDependents(bool exist) { }
}
