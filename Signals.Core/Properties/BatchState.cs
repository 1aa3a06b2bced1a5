namespace Signals;

/// <summary>An open batch of a thread in a scope.</summary>
/// <param name="owner">The context of the thread.</param>
internal sealed class BatchState(PropertyContext owner)
{
    /// <summary>The numbers of the open batches, from the outermost.</summary>
    private long[] _open = new long[4];

    private int _depth;
    private long _lastNumber;

    internal PropertyContext Owner => owner;

    internal PropertyScope Scope { get; set; } = null!;

    /// <summary>Gets the properties that were set, in the order of their first sets, and the effects that have to be examined.</summary>
    internal List<PropertyBase> Touched { get; } = [];

    /// <summary>Begins a batch inside the open ones. Returns a number that no other batch of this object has, as the object is used again.</summary>
    internal long Begin()
    {
        if (_depth == _open.Length)
        {
            Array.Resize(ref _open, _depth * 2);
        }

        _open[_depth++] = ++_lastNumber;
        return _lastNumber;
    }

    /// <summary>Returns the number of open batches around a batch, or -1 if it has ended. May be called by another thread.</summary>
    internal int DepthOf(long number)
    {
        long[] open = _open;
        return Array.IndexOf(open, number, 0, Math.Min(_depth, open.Length));
    }

    /// <summary>Ends a batch and those inside it.</summary>
    /// <param name="depth">The result of <see cref="DepthOf"/>.</param>
    internal void End(int depth) => _depth = depth;

    internal void Touch(PropertyBase node)
    {
        // Setting one property repeatedly is the common case of repeated sets. Others are listed again, which has no effect.
        if (Touched.Count == 0 || Touched[^1] != node)
        {
            Touched.Add(node);
        }
    }
}
