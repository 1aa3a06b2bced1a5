using System.Collections;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Signals;

/// <summary>
/// A slot map: a collection whose values are identified by generational indices. Insertion, erasure and lookup take amortized constant
/// time. Values are enumerated in the order of insertion. The index of an erased value is reused with the next generation, so a stale index
/// never finds another value.
/// </summary>
/// <remarks>
/// <para>Modeled on <c>GenerationalIndexArray</c> of KDBindings, which enumerates values in index order and wraps generations around. This
/// class keeps the order of insertion, and retires an index whose 32-bit generation is exhausted.</para>
/// <para>Not thread-safe: synchronize access as for a <see cref="List{T}"/>.</para>
/// </remarks>
/// <typeparam name="T">The type of the values.</typeparam>
[DebuggerDisplay("Count = {Count}")]
[DebuggerTypeProxy(typeof(GenIndexArrayDebugView<>))]
public sealed class GenIndexArray<T> : IEnumerable<(GenIndex Index, T Value)>
{
    private readonly GenIndexTable _indices = new();
    private DenseTable<T> _values = new(0);

    /// <summary>Number that increases with every change, so that enumerators detect changes.</summary>
    private int _version;

    /// <summary>Gets the number of values in the array.</summary>
    public int Count => _indices.LiveCount;

    /// <summary>
    /// Gets the number of values that the array can hold before it reallocates. Holes that erased values have left count as used until
    /// then.
    /// </summary>
    public int Capacity => _values.Capacity;

    /// <summary>Gets a reference to the value with a live index.</summary>
    /// <remarks>The reference is valid until the next change of the array: <see cref="Erase"/>, too, may move the values.</remarks>
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

    /// <summary>Adds a value at the end.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The index that identifies the value until it is erased.</returns>
    public GenIndex Insert(T value)
    {
        DenseTable<T> values = _values.Used < _values.Capacity ? _values : DenseGrowth.Grow(_values, _indices);
        _values = values;
        GenIndex index = _indices.Allocate(values.Used);
        values.Add(value, index);
        _version++;
        return index;
    }

    /// <summary>Removes a value. Its index is no longer live, and its number is reused with the next generation.</summary>
    /// <param name="index">The index of the value.</param>
    /// <returns><see langword="true"/> if the value was removed; <see langword="false"/> if the index was not live.</returns>
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

    /// <summary>Determines whether an index is live, that is, identifies a value in the array.</summary>
    /// <param name="index">The index.</param>
    /// <returns><see langword="true"/> if the index is live; otherwise, <see langword="false"/>.</returns>
    public bool IsLive(GenIndex index) => _indices.Find(index) != GenIndexTable.NotFound;

    /// <summary>Gets the value with an index, if the index is live.</summary>
    /// <param name="index">The index.</param>
    /// <param name="value">The value, or <see langword="default"/> if the index is not live.</param>
    /// <returns><see langword="true"/> if the index is live; otherwise, <see langword="false"/>.</returns>
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

    /// <summary>Removes all values. Their indices are no longer live. <see cref="Capacity"/> does not change.</summary>
    public void Clear()
    {
        _indices.ReleaseAll();
        _values.Reset();
        _version++;
    }

    /// <summary>
    /// Releases unused memory and sets <see cref="Capacity"/> to <see cref="Count"/>. Live indices remain live, and the others
    /// remain invalid.
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
    /// <returns>
    /// An enumerator, which throws <see cref="InvalidOperationException"/> if the array is changed during the enumeration.
    /// </returns>
    public Enumerator GetEnumerator() => new(this);

    IEnumerator<(GenIndex Index, T Value)> IEnumerable<(GenIndex Index, T Value)>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Advances the free index that is reused next to a later generation, for tests of the last generation.</summary>
    internal void Age(uint index, uint generation) => _indices.Age(index, generation);

    [DoesNotReturn]
    private static void ThrowNotLive(GenIndex index) =>
        throw new KeyNotFoundException(
            $"No value has index {index.Index} of generation {index.Generation}: the value was erased, or the index belongs to another array."
        );

    /// <summary>Enumerates the values of a <see cref="GenIndexArray{T}"/> in the order of insertion.</summary>
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

        /// <summary>Gets the index and the value at the current position of the enumerator.</summary>
        public (GenIndex Index, T Value) Current { get; private set; }

        readonly object IEnumerator.Current => Current;

        /// <summary>Advances the enumerator to the next value.</summary>
        /// <returns><see langword="true"/> if there is a next value; <see langword="false"/> at the end of the array.</returns>
        /// <exception cref="InvalidOperationException">The array has been changed since the enumeration began.</exception>
        public bool MoveNext()
        {
            if (_version != _array._version)
            {
                throw new InvalidOperationException(
                    $"The {nameof(GenIndexArray<>)} was changed during an enumeration. Collect the changes, and apply them after the loop."
                );
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

        /// <summary>Does nothing: the enumerator holds no resources.</summary>
        public readonly void Dispose() { }

        void IEnumerator.Reset()
        {
            _next = 0;
            Current = default;
        }
    }
}
