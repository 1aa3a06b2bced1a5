namespace Signals;

/// <summary>The items of a <see cref="SignalList{T}"/>, and the edits that have not been told. Guarded by the graph's lock.</summary>
internal sealed class ListNode<T>(SignalList<T> list) : PropertyBase
{
    private readonly Queue<ListEdit<T>> _edits = new();
    private PropertyExtras? _extras;
    private T[] _items = [];
    private int _count;

    /// <summary>Indicates whether an enumeration or a copy uses the array, whose first items then do not change any more.</summary>
    private bool _isShared;

    /// <summary>Number of all edits.</summary>
    private long _lastNumber;

    private bool _isDisposed;

    internal override PropertyScope Scope => PropertyScope.Default;

    internal override PropertyExtras? Extras => _extras;

    internal override PropertyExtras EnsureExtras() => _extras ??= new PropertyExtras();

    internal override string Describe() => TypeNames.Of(list.GetType());

    /// <summary>Sets the first items of a new list.</summary>
    internal void Initialize(T[] items)
    {
        Version = FirstVersion;
        _items = items;
        _count = items.Length;
    }

    /// <summary>Returns the number of items, which is tracked.</summary>
    internal int ReadCount()
    {
        PropertyGraph.Lock.Enter();
        int count = _count;
        long version = Version;
        PropertyGraph.Lock.Exit();
        Track(version);
        return count;
    }

    /// <summary>Returns an item, which is tracked.</summary>
    internal T ReadItem(int index)
    {
        PropertyGraph.Lock.Enter();
        int count = _count;
        T item = (uint)index < (uint)count ? _items[index] : default!;
        long version = Version;
        PropertyGraph.Lock.Exit();
        Track(version);
        return (uint)index < (uint)count ? item : throw OutOfRange(nameof(index), index, count - 1);
    }

    /// <summary>Returns all items, which are tracked. The array may be longer and must not be written.</summary>
    internal ArraySegment<T> ReadAll()
    {
        ArraySegment<T> items = Peek(out long version);
        Track(version);
        return items;
    }

    /// <summary>Returns all items, which are not tracked.</summary>
    internal ArraySegment<T> Peek(out long version)
    {
        PropertyGraph.Lock.Enter();
        _isShared = true;
        var items = new ArraySegment<T>(_items, 0, _count);
        version = Version;
        PropertyGraph.Lock.Exit();
        return items;
    }

    internal void Dispose()
    {
        PropertyGraph.Lock.Enter();
        _isDisposed = true;
        PropertyGraph.Lock.Exit();
    }

    /// <summary>Inserts items at an index, or at the end if it is null.</summary>
    internal void Insert(int? index, ReadOnlySpan<T> items)
    {
        PropertyContext context = Begin();
        int count;
        PropertyGraph.Lock.Enter();
        try
        {
            ThrowIfDisposed();
            count = _count;
            int at = index ?? count;
            if ((uint)at <= (uint)count)
            {
                MakeRoom(at, items.Length);
                items.CopyTo(_items.AsSpan(at));
                for (int i = 0; i < items.Length; i++)
                {
                    Queue(new ListEdit<T>(ListEditKind.Insert, at + i, 0, items[i], default!, ++_lastNumber));
                }

                Commit(context);
                index = null;
            }
        }
        finally
        {
            PropertyGraph.Lock.Exit();
        }

        if (index is { } wrong)
        {
            throw OutOfRange(nameof(index), wrong, count);
        }

        context.TellScheduled();
    }

    /// <summary>Removes an item. Returns false if the list has changed since a version.</summary>
    internal bool TryRemoveAt(int index, long? version = null)
    {
        PropertyContext context = Begin();
        int count;
        bool isDone = false;
        PropertyGraph.Lock.Enter();
        try
        {
            ThrowIfDisposed();
            count = _count;
            if (version is { } expected && expected != Version)
            {
                return false;
            }

            if ((uint)index < (uint)count)
            {
                Unshare();
                T item = _items[index];
                _count--;
                Array.Copy(_items, index + 1, _items, index, _count - index);
                _items[_count] = default!;
                Queue(new ListEdit<T>(ListEditKind.Remove, index, 0, item, default!, ++_lastNumber));
                Commit(context);
                isDone = true;
            }
        }
        finally
        {
            PropertyGraph.Lock.Exit();
        }

        return End(isDone, nameof(index), index, count, context);
    }

    internal void Replace(int index, T item)
    {
        PropertyContext context = Begin();
        int count;
        bool isDone = false;
        PropertyGraph.Lock.Enter();
        try
        {
            ThrowIfDisposed();
            count = _count;
            if ((uint)index < (uint)count)
            {
                Unshare();
                T old = _items[index];
                _items[index] = item;
                Queue(new ListEdit<T>(ListEditKind.Replace, index, 0, item, old, ++_lastNumber));
                Commit(context);
                isDone = true;
            }
        }
        finally
        {
            PropertyGraph.Lock.Exit();
        }

        End(isDone, nameof(index), index, count, context);
    }

    internal void Move(int from, int to)
    {
        PropertyContext context = Begin();
        int count;
        bool isDone = false;
        PropertyGraph.Lock.Enter();
        try
        {
            ThrowIfDisposed();
            count = _count;
            if ((uint)from < (uint)count && (uint)to < (uint)count)
            {
                isDone = true;
                if (from != to)
                {
                    Unshare();
                    T item = _items[from];
                    if (from < to)
                    {
                        Array.Copy(_items, from + 1, _items, from, to - from);
                    }
                    else
                    {
                        Array.Copy(_items, to, _items, to + 1, from - to);
                    }

                    _items[to] = item;
                    Queue(new ListEdit<T>(ListEditKind.Move, from, to, item, default!, ++_lastNumber));
                    Commit(context);
                }
            }
        }
        finally
        {
            PropertyGraph.Lock.Exit();
        }

        bool isFrom = (uint)from >= (uint)count;
        End(isDone, isFrom ? nameof(from) : nameof(to), isFrom ? from : to, count, context);
    }

    internal void Clear()
    {
        PropertyContext context = Begin();
        PropertyGraph.Lock.Enter();
        try
        {
            ThrowIfDisposed();
            if (_count == 0)
            {
                return;
            }

            _items = [];
            _isShared = false;
            _count = 0;
            Queue(new ListEdit<T>(ListEditKind.Clear, 0, 0, default!, default!, ++_lastNumber));
            Commit(context);
        }
        finally
        {
            PropertyGraph.Lock.Exit();
        }

        context.TellScheduled();
    }

    internal override void QueueAfterBatch(long change, PropertyContext context)
    {
        if (_edits.Count > 0)
        {
            Scope.Queue(this, TellingKind.Value, change, context.Depth);
            context.Schedule(Scope);
        }
    }

    internal override void Tell(PropertyContext context, ref PropertyFailures failures)
    {
        PropertyGraph.Lock.Enter();
        int count = _edits.Count;
        PropertyGraph.Lock.Exit();

        // Those of the change, and those of other threads that were held back until now: each edit presumes all before it.
        for (; count > 0; count--)
        {
            PropertyGraph.Lock.Enter();
            bool isTaken = _edits.TryDequeue(out ListEdit<T> edit);
            PropertyGraph.Lock.Exit();
            if (!isTaken)
            {
                return;
            }

            list.Emit(edit, ref failures);
            list.Raise(edit, IsLatest(edit), ref failures);
        }
    }

    /// <summary>Determines whether the list is as an edit has left it.</summary>
    internal bool IsLatest(in ListEdit<T> edit) => Volatile.Read(ref _lastNumber) == edit.Number;

    private PropertyContext Begin()
    {
        PropertyContext context = PropertyContext.Current;
        context.ThrowIfReadOnly(this);
        return context;
    }

    private static bool End(bool isDone, string name, int index, int count, PropertyContext context)
    {
        if (!isDone)
        {
            throw OutOfRange(name, index, count - 1);
        }

        context.TellScheduled();
        return true;
    }

    private void Queue(ListEdit<T> edit)
    {
        if (list.HasListeners)
        {
            _edits.Enqueue(edit);
        }
    }

    /// <summary>Queues the telling of the edits that have been queued, and marks the readers. Called while the lock is held.</summary>
    private void Commit(PropertyContext context)
    {
        Version = PropertyGraph.NextVersion();
        PropertyGraph.BeginEpoch();
        if (context.BatchOf(Scope) is { } batch)
        {
            batch.Touch(this);
            PropertyGraph.Mark(this, change: 0, isHeld: true, context);
            return;
        }

        QueueAfterBatch(Version, context);
        PropertyGraph.Mark(this, Version, isHeld: false, context);
    }

    private void MakeRoom(int index, int length)
    {
        int count = _count + length;
        bool isInside = index < _count;
        if (count > _items.Length || (_isShared && isInside))
        {
            T[] items = new T[Math.Max(count, Math.Max(4, count > _items.Length ? _items.Length * 2 : _items.Length))];
            Array.Copy(_items, items, index);
            Array.Copy(_items, index, items, index + length, _count - index);
            _items = items;
            _isShared = false;
        }
        else if (isInside)
        {
            Array.Copy(_items, index, _items, index + length, _count - index);
        }

        _count = count;
    }

    private void Unshare()
    {
        if (_isShared)
        {
            _items = _items.AsSpan(0, _count).ToArray();
            _isShared = false;
        }
    }

    private void Track(long version)
    {
        if (!PropertyContext.IsQuiet)
        {
            PropertyContext.Current.Track(this, version);
        }
    }

    private void ThrowIfDisposed()
    {
        if (_isDisposed)
        {
            throw new ObjectDisposedException(Describe(), $"This {Describe()} has been disposed: it can be read, but not edited.");
        }
    }

    private static ArgumentOutOfRangeException OutOfRange(string name, int index, int last) =>
        new(name, index, last < 0 ? "The list is empty." : $"The index must be between 0 and {last}.");
}
