namespace Signals;

/// <summary>
/// Reports to the owner of a property whether it is observed. The state changes while the graph's lock is held, so reports are made on a thread of the pool.
/// The reports alternate and never overlap: after each report, the reporting thread reads the state again.
/// </summary>
internal sealed class ObserverWatch : IThreadPoolWorkItem
{
    private readonly PropertyBase _property;
    private readonly Action<bool> _report;

    /// <summary>Indicates whether a thread is reporting or about to report. Guarded by the lock of <see cref="PropertyGraph"/>.</summary>
    private bool _isActive;

    /// <summary>The last report.</summary>
    private bool _isReported;

    private ObserverWatch(PropertyBase property, Action<bool> report)
    {
        _property = property;
        _report = report;
    }

    /// <summary>Creates the watch of a property, or returns null if there is no handler.</summary>
    internal static ObserverWatch? Of(PropertyBase property, Action<bool>? report) => report is null ? null : new ObserverWatch(property, report);

    /// <summary>Called while the lock of the graph is held, after a change of the observers.</summary>
    internal void OnChanged()
    {
        if (!_isActive)
        {
            _isActive = true;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (TryBegin(out bool isObserved))
        {
            _report(isObserved);
        }
    }

    private bool TryBegin(out bool isObserved)
    {
        PropertyGraph.Lock.Enter();
        try
        {
            isObserved = _property.Extras is { IsObserved: true };
            _isActive = isObserved != _isReported;
            _isReported = isObserved;
            return _isActive;
        }
        finally
        {
            PropertyGraph.Lock.Exit();
        }
    }
}
