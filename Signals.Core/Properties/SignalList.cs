using System.Collections;
using System.Collections.Specialized;
using System.ComponentModel;
using System.Diagnostics;

namespace Signals;

/// <summary>
/// A list with signals of its edits. Computed properties and effects that have read it follow it. Replaying the signals onto a copy gives the list.
/// </summary>
/// <remarks>
/// <para>Edits are told one by one, in order, also those of a batch and those that slots make. Computed properties and effects run once for each
/// batch.</para>
/// <para>All members are thread-safe. An enumeration goes over what the list held when it began. User code never runs inside a lock of this
/// library.</para>
/// </remarks>
/// <typeparam name="T">The type of the items.</typeparam>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class SignalList<T> : IList<T>, IReadOnlyList<T>, INotifyCollectionChanged, INotifyPropertyChanged, IDisposable
{
    private static readonly PropertyChangedEventArgs CountChanged = new(nameof(Count));
    private static readonly PropertyChangedEventArgs ItemsChanged = new("Item[]");
    private static readonly NotifyCollectionChangedEventArgs Reset = new(NotifyCollectionChangedAction.Reset);

    private readonly ListNode<T> _node;
    private readonly Signal<int, T> _inserted = new();
    private readonly Signal<int, T> _removed = new();
    private readonly Signal<int, T, T> _replaced = new();
    private readonly Signal<int, int, T> _moved = new();
    private readonly Signal _cleared = new();

    /// <summary>Indicates whether the events of earlier edits have been left out, so that the next one tells that anything may have changed.</summary>
    private bool _needsReset;

    /// <summary>Initializes an empty list.</summary>
    public SignalList() => _node = new ListNode<T>(this) { Version = PropertyBase.FirstVersion };

    /// <summary>Initializes a list with items.</summary>
    /// <param name="items">The items.</param>
    /// <exception cref="ArgumentNullException"><paramref name="items"/> is null.</exception>
    public SignalList(IEnumerable<T> items)
        : this()
    {
        ArgumentNullException.ThrowIfNull(items);
        _node.Initialize(Copy(items));
    }

    /// <summary>
    /// Occurs after an edit, for toolkits, on the thread that tells it. If the list has been edited further meanwhile, the event is left out, and
    /// that of the last edit is a reset.
    /// </summary>
    public event NotifyCollectionChangedEventHandler? CollectionChanged;

    /// <summary>Occurs before <see cref="CollectionChanged"/>, for "Count" and "Item[]".</summary>
    public event PropertyChangedEventHandler? PropertyChanged;

    /// <summary>Gets a signal of inserted items: the index and the item.</summary>
    public ISignal<int, T> Inserted => _inserted;

    /// <summary>Gets a signal of removed items: the index and the item.</summary>
    public ISignal<int, T> Removed => _removed;

    /// <summary>Gets a signal of replaced items: the index, the old and the new item.</summary>
    public ISignal<int, T, T> Replaced => _replaced;

    /// <summary>Gets a signal of moved items: the index before, the index after, and the item.</summary>
    public ISignal<int, int, T> Moved => _moved;

    /// <summary>Gets a signal that is emitted after all items have been removed at once.</summary>
    public ISignal Cleared => _cleared;

    /// <summary>Gets the number of items.</summary>
    public int Count => _node.ReadCount();

    /// <inheritdoc/>
    bool ICollection<T>.IsReadOnly => false;

    /// <summary>Gets a value that indicates whether edits have to be queued.</summary>
    internal bool HasListeners =>
        !_inserted.IsEmpty
        || !_removed.IsEmpty
        || !_replaced.IsEmpty
        || !_moved.IsEmpty
        || !_cleared.IsEmpty
        || CollectionChanged is not null
        || PropertyChanged is not null;

    /// <summary>Gets or sets an item.</summary>
    /// <param name="index">The index of the item.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is not the index of an item.</exception>
    /// <exception cref="ObjectDisposedException">The list is edited after it has been disposed.</exception>
    /// <exception cref="PropertyCycleException">The list is edited inside a computation.</exception>
    public T this[int index]
    {
        get => _node.ReadItem(index);
        set => _node.Replace(index, value);
    }

    /// <summary>Adds an item at the end.</summary>
    /// <param name="item">The item.</param>
    /// <exception cref="ObjectDisposedException">The list has been disposed.</exception>
    /// <exception cref="PropertyCycleException">The list is edited inside a computation.</exception>
    public void Add(T item) => _node.Insert(null, [item]);

    /// <summary>Adds items at the end as one change, with a signal for each item.</summary>
    /// <param name="items">The items.</param>
    /// <exception cref="ArgumentNullException"><paramref name="items"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The list has been disposed.</exception>
    /// <exception cref="PropertyCycleException">The list is edited inside a computation.</exception>
    public void AddRange(IEnumerable<T> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        T[] copy = Copy(items);
        if (copy.Length > 0)
        {
            _node.Insert(null, copy);
        }
    }

    /// <summary>Inserts an item.</summary>
    /// <param name="index">The index of the item afterwards.</param>
    /// <param name="item">The item.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is negative or greater than the number of items.</exception>
    /// <exception cref="ObjectDisposedException">The list has been disposed.</exception>
    /// <exception cref="PropertyCycleException">The list is edited inside a computation.</exception>
    public void Insert(int index, T item) => _node.Insert(index, [item]);

    /// <summary>Removes the first item that equals another.</summary>
    /// <param name="item">The item.</param>
    /// <returns><see langword="true"/> if an item was removed; otherwise, <see langword="false"/>.</returns>
    /// <exception cref="ObjectDisposedException">The list has been disposed.</exception>
    /// <exception cref="PropertyCycleException">The list is edited inside a computation.</exception>
    public bool Remove(T item)
    {
        while (true)
        {
            ArraySegment<T> items = _node.Peek(out long version);
            int index = items.AsSpan().IndexOf(item, EqualityComparer<T>.Default);
            if (index < 0)
            {
                return false;
            }

            if (_node.TryRemoveAt(index, version))
            {
                return true;
            }
        }
    }

    /// <summary>Removes an item.</summary>
    /// <param name="index">The index of the item.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is not the index of an item.</exception>
    /// <exception cref="ObjectDisposedException">The list has been disposed.</exception>
    /// <exception cref="PropertyCycleException">The list is edited inside a computation.</exception>
    public void RemoveAt(int index) => _node.TryRemoveAt(index);

    /// <summary>Moves an item. Does nothing if the indices are equal.</summary>
    /// <param name="from">The index of the item.</param>
    /// <param name="to">The index of the item afterwards.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="from"/> or <paramref name="to"/> is not the index of an item.</exception>
    /// <exception cref="ObjectDisposedException">The list has been disposed.</exception>
    /// <exception cref="PropertyCycleException">The list is edited inside a computation.</exception>
    public void Move(int from, int to) => _node.Move(from, to);

    /// <summary>Removes all items. Does nothing if there are none.</summary>
    /// <exception cref="ObjectDisposedException">The list has been disposed.</exception>
    /// <exception cref="PropertyCycleException">The list is edited inside a computation.</exception>
    public void Clear() => _node.Clear();

    /// <summary>Returns the index of the first item that equals another, or -1.</summary>
    /// <param name="item">The item.</param>
    /// <returns>The index, or -1.</returns>
    public int IndexOf(T item) => _node.ReadAll().AsSpan().IndexOf(item, EqualityComparer<T>.Default);

    /// <summary>Determines whether an item equals another.</summary>
    /// <param name="item">The item.</param>
    /// <returns><see langword="true"/> if there is such an item; otherwise, <see langword="false"/>.</returns>
    public bool Contains(T item) => IndexOf(item) >= 0;

    /// <summary>Copies the items to an array.</summary>
    /// <param name="array">The array.</param>
    /// <param name="arrayIndex">The index of the first item in the array.</param>
    /// <exception cref="ArgumentNullException"><paramref name="array"/> is null.</exception>
    /// <exception cref="ArgumentException">The array is too short.</exception>
    public void CopyTo(T[] array, int arrayIndex) => _node.ReadAll().CopyTo(array, arrayIndex);

    /// <summary>
    /// Returns the items as an array. Unlike the extension method of LINQ, which asks for the count first, it is safe beside edits of other threads.
    /// </summary>
    /// <returns>A new array.</returns>
    public T[] ToArray() => _node.ReadAll().ToArray();

    /// <summary>Returns an enumerator of the items that the list holds now, whatever is edited later.</summary>
    /// <returns>An enumerator.</returns>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_node.ReadAll()).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Disposes the list: ends the connections of its signals. It can still be read, but not edited. Further calls do nothing.</summary>
    /// <exception cref="Exception">An observer threw when it was completed.</exception>
    public void Dispose()
    {
        _node.Dispose();
        var failures = new PropertyFailures();
        foreach (SignalBase signal in (SignalBase[])[_inserted, _removed, _replaced, _moved, _cleared])
        {
            try
            {
                signal.Dispose();
            }
            catch (Exception exception)
            {
                failures.AddFromSignal(exception);
            }
        }

        failures.ThrowIfAny();
    }

    /// <summary>Returns the type and the number of items, for logs and debuggers.</summary>
    /// <returns>A description of the list.</returns>
    public override string ToString() => $"{TypeNames.Of(GetType())} ({_node.Peek(out _).Count} items)";

    /// <summary>Emits the signal of an edit.</summary>
    internal void Emit(in ListEdit<T> edit, ref PropertyFailures failures)
    {
        try
        {
            switch (edit.Kind)
            {
                case ListEditKind.Insert:
                    _inserted.Emit(edit.Index, edit.Item);
                    break;
                case ListEditKind.Remove:
                    _removed.Emit(edit.Index, edit.Item);
                    break;
                case ListEditKind.Replace:
                    _replaced.Emit(edit.Index, edit.Old, edit.Item);
                    break;
                case ListEditKind.Move:
                    _moved.Emit(edit.Index, edit.To, edit.Item);
                    break;
                default:
                    _cleared.Emit();
                    break;
            }
        }
        catch (Exception exception)
        {
            failures.AddFromSignal(exception);
        }
    }

    /// <summary>Raises the events of an edit.</summary>
    /// <param name="edit">The edit.</param>
    /// <param name="isLatest">True if the list is as the edit has left it.</param>
    /// <param name="failures">The exceptions of handlers.</param>
    internal void Raise(in ListEdit<T> edit, bool isLatest, ref PropertyFailures failures)
    {
        if (!isLatest)
        {
            _needsReset = true;
            return;
        }

        bool isReset = _needsReset || edit.Kind == ListEditKind.Clear;
        _needsReset = false;
        foreach (PropertyChangedEventHandler handler in Delegate.EnumerateInvocationList(PropertyChanged))
        {
            try
            {
                if (isReset || edit.Kind is ListEditKind.Insert or ListEditKind.Remove)
                {
                    handler(this, CountChanged);
                }

                handler(this, ItemsChanged);
            }
            catch (Exception exception)
            {
                failures.Add(exception);
            }
        }

        NotifyCollectionChangedEventArgs args = isReset ? Reset : ArgsOf(edit);
        foreach (NotifyCollectionChangedEventHandler handler in Delegate.EnumerateInvocationList(CollectionChanged))
        {
            if (!_node.IsLatest(edit))
            {
                // A handler has edited the list: the event of that edit is a reset for all.
                _needsReset = true;
                return;
            }

            try
            {
                handler(this, args);
            }
            catch (Exception exception)
            {
                failures.Add(exception);
            }
        }
    }

    private static NotifyCollectionChangedEventArgs ArgsOf(in ListEdit<T> edit) =>
        edit.Kind switch
        {
            ListEditKind.Insert => new(NotifyCollectionChangedAction.Add, edit.Item, edit.Index),
            ListEditKind.Remove => new(NotifyCollectionChangedAction.Remove, edit.Item, edit.Index),
            ListEditKind.Replace => new(NotifyCollectionChangedAction.Replace, edit.Item, edit.Old, edit.Index),
            _ => new(NotifyCollectionChangedAction.Move, edit.Item, edit.To, edit.Index),
        };

    /// <summary>Copies items that may be another such list, which other threads edit.</summary>
    private static T[] Copy(IEnumerable<T> items) => items is SignalList<T> list ? list.ToArray() : [.. items];
}
