namespace Signals.Remote;

/// <summary>
/// Numbers the emissions of an export. While it is active, they are numbered inside the lock of the exports. Otherwise, they are only counted, on the
/// threads that emit and without the lock, by one atomic instruction each.
/// </summary>
/// <remarks>The thread that holds the lock calls all members but <see cref="TryCount"/>.</remarks>
internal struct EmissionCounter
{
    /// <summary>The bit of <see cref="_counted"/> that is set while emissions need more than counting.</summary>
    private const long Active = 1;

    private const long OneEmission = 2;

    /// <summary>The number of emissions, shifted by one bit, and <see cref="Active"/>. While it is active, the number means nothing.</summary>
    private long _counted;

    /// <summary>The number of emissions while it is active.</summary>
    private long _number;

    /// <summary>Gets a value that indicates whether emissions need more than counting.</summary>
    internal readonly bool IsActive => (Volatile.Read(in _counted) & Active) != 0;

    /// <summary>Counts an emission that nothing needs. Returns false if it is needed, and is to be numbered by <see cref="Add"/>.</summary>
    internal bool TryCount() => (Interlocked.Add(ref _counted, OneEmission) & Active) == 0;

    /// <summary>Begins to number emissions. Returns the number of those before, exactly.</summary>
    internal long Activate()
    {
        long before = Interlocked.Or(ref _counted, Active);
        if ((before & Active) == 0)
        {
            _number = before / OneEmission;
        }

        return _number;
    }

    /// <summary>Ends numbering. Emissions that are waiting for the lock are added when they have it.</summary>
    internal void Deactivate()
    {
        if (IsActive)
        {
            Interlocked.Exchange(ref _counted, _number * OneEmission);
        }
    }

    /// <summary>Adds emissions. Returns the number of the last one.</summary>
    internal long Add(long count = 1) => IsActive ? _number += count : Interlocked.Add(ref _counted, count * OneEmission) / OneEmission;
}
