namespace Signals;

/// <summary>A sequence of packets: the number under which a reader keeps names, and the names that it knows.</summary>
/// <param name="id">The number.</param>
internal sealed class TraceSequence(uint id)
{
    /// <summary>Number of names at which the reader is told to forget them, so that neither side keeps more.</summary>
    internal const int MaxNames = 4096;

    private readonly Dictionary<string, ulong> _idOfName = [];
    private ulong _lastId;

    internal uint Id => id;

    /// <summary>Gets or sets a value that indicates whether the first packet has been written.</summary>
    internal bool HasBegun { get; set; }

    /// <summary>Gets a value that indicates whether the reader has to forget the names before it gets another one.</summary>
    internal bool IsFull => _idOfName.Count >= MaxNames;

    /// <summary>Forgets all names. Their numbers are not used again.</summary>
    internal void Clear() => _idOfName.Clear();

    /// <summary>Returns the number of a name, and whether the reader does not know it yet.</summary>
    internal ulong IdOf(string name, out bool isNew)
    {
        isNew = !_idOfName.TryGetValue(name, out ulong known);
        if (isNew)
        {
            known = ++_lastId;
            _idOfName.Add(name, known);
        }

        return known;
    }
}
