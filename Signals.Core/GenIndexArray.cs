using System.Collections;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Signals;

/// <summary>
/// A slot map: values that are named by generational indices. Inserting, erasing and looking up take constant time (amortised);
/// enumeration is in the order of insertion; the index of an erased value is used again with the next generation, so that an index kept
/// for too long finds nothing instead of somebody else's value.
/// </summary>
/// <remarks>
/// <para>The model is KDBindings' <c>GenerationalIndexArray</c>, which is enumerated in index order and wraps generations; this one keeps the
/// order of insertion, and retires an index whose 32-bit generation is exhausted.</para>
/// <para>Not thread-safe: synchronise as with <see cref="List{T}"/>.</para>
/// </remarks>
/// <typeparam name="T">The type of the values.</typeparam>
[DebuggerDisplay("Count = {Count}")]
[DebuggerTypeProxy(typeof(GenIndexArrayDebugView<>))]
public sealed class GenIndexArray<T> : IEnumerable<(GenIndex Index, T Value)>
{
    private readonly GenIndexTable _indices = new();
    private DenseTable<T> _values = new(0);

    /// <summary>Raised by every change, so that an enumerator can tell.</summary>
    private int _version;

    /// <summary>How many values the array holds.</summary>
    public int Count => _indices.LiveCount;

    /// <summary>How many values the array can hold before it takes more memory. A run of erasures leaves holes that count until then.</summary>
    public int Capacity => _values.Capacity;

    /// <summary>The value with a live index, by reference.</summary>
    /// <remarks>The reference is good until the array is changed next: also <see cref="Erase"/> may move the values.</remarks>
    /// <param name="index">An index that <see cref="Insert"/> returned and whose value has not been erased.</param>
    /// <exception cref="KeyNotFoundException">The index is not live.</exception>
    public ref T this[GenIndex index]
    {
        get
        {
            int position = _indices.Find(index);
            if (position == GenIndexTable.NotFound)
            {
                ThrowNotLive(index);
            }

            return ref _values[position].Value;
        }
    }

    /// <summary>Adds a value behind all others.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The index that names the value until it is erased.</returns>
    public GenIndex Insert(T value)
    {
        DenseTable<T> values = _values.Used < _values.Capacity ? _values : DenseGrowth.Grow(_values, _indices);
        _values = values;
        GenIndex index = _indices.Allocate(values.Used);
        values.Add(value, index);
        _version++;
        return index;
    }

    /// <summary>Removes a value. Its index is dead from then on and is used again with the next generation.</summary>
    /// <param name="index">The value's index.</param>
    /// <returns><see langword="false"/> if the index was not live; nothing has changed then.</returns>
    public bool Erase(GenIndex index)
    {
        int position = _indices.Release(index);
        if (position == GenIndexTable.NotFound)
        {
            return false;
        }

        _values.Erase(position);
        _values = DenseGrowth.WithoutWaste(_values, _indices);
        _version++;
        return true;
    }

    /// <summary>Whether the index names a value of this array now.</summary>
    /// <param name="index">Any index.</param>
    /// <returns><see langword="true"/> if its value is there.</returns>
    public bool IsLive(GenIndex index) => _indices.Find(index) != GenIndexTable.NotFound;

    /// <summary>Looks a value up.</summary>
    /// <param name="index">Any index.</param>
    /// <param name="value">The value, or <see langword="default"/> if the index is not live.</param>
    /// <returns>Whether the index is live.</returns>
    public bool TryGet(GenIndex index, [MaybeNullWhen(false)] out T value)
    {
        int position = _indices.Find(index);
        if (position == GenIndexTable.NotFound)
        {
            value = default;
            return false;
        }

        value = _values[position].Value;
        return true;
    }

    /// <summary>Removes all values. All their indices are dead from then on. The capacity stays.</summary>
    public void Clear()
    {
        _indices.ReleaseAll();
        _values.Reset();
        _version++;
    }

    /// <summary>
    /// Gives back the memory that the values there are do not need: <see cref="Capacity"/> becomes <see cref="Count"/>. Indices keep their
    /// meaning, live and dead ones.
    /// </summary>
    public void TrimExcess()
    {
        if (_values.Capacity != Count)
        {
            _values = DenseGrowth.Trim(_values, Count, _indices);
        }

        _indices.TrimIndices();
        _version++;
    }

    /// <summary>Enumerates the indices and values in the order of insertion.</summary>
    /// <returns>An enumerator that throws <see cref="InvalidOperationException"/> when the array has been changed meanwhile.</returns>
    public Enumerator GetEnumerator() => new(this);

    IEnumerator<(GenIndex Index, T Value)> IEnumerable<(GenIndex Index, T Value)>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Moves a dead index that is next to be used on to a later generation, for tests of the last one.</summary>
    internal void Age(uint index, uint generation) => _indices.Age(index, generation);

    [DoesNotReturn]
    private static void ThrowNotLive(GenIndex index) =>
        throw new KeyNotFoundException($"No value has the index {index.Index} in generation {index.Generation}: it was erased, or was never of this array.");

    /// <summary>Walks a <see cref="GenIndexArray{T}"/> in the order of insertion.</summary>
    public struct Enumerator : IEnumerator<(GenIndex Index, T Value)>
    {
        private readonly GenIndexArray<T> _array;
        private readonly int _version;
        private int _next;

        internal Enumerator(GenIndexArray<T> array)
        {
            _array = array;
            _version = array._version;
        }

        /// <summary>The index and the value that the enumerator stands on.</summary>
        public (GenIndex Index, T Value) Current { get; private set; }

        readonly object IEnumerator.Current => Current;

        /// <summary>Goes on to the next value.</summary>
        /// <returns><see langword="false"/> behind the last one.</returns>
        /// <exception cref="InvalidOperationException">The array has been changed since the enumeration began.</exception>
        public bool MoveNext()
        {
            if (_version != _array._version)
            {
                throw new InvalidOperationException(
                    $"The {nameof(GenIndexArray<>)} was changed while it was being enumerated. Collect what is to be changed first, and change it after the loop.");
            }

            DenseTable<T> values = _array._values;
            int position = values.NextLive(_next);
            if (position >= values.Used)
            {
                _next = position;
                Current = default;
                return false;
            }

            ref DenseEntry<T> entry = ref values[position];
            Current = (DenseId.Index(entry.Id), entry.Value);
            _next = position + 1;
            return true;
        }

        /// <summary>Does nothing: there is nothing to release.</summary>
        public readonly void Dispose() { }

        void IEnumerator.Reset()
        {
            _next = 0;
            Current = default;
        }
    }
}
