using System.Diagnostics.CodeAnalysis;

namespace Signals.Ipc.Client;

/// <summary>
/// The encoded replies of a stream that its reader has not read. The reader takes them together, so that it does not contend with the receive loop for each
/// of them. A mutable struct: the field of a stream, whose lock guards what the reader has not taken.
/// </summary>
internal struct StreamBuffer
{
    /// <summary>
    /// Number of bytes counted for a buffered reply in addition to its own bytes: the overhead of its array and its entry in the queue.
    /// </summary>
    private const int ReplyOverhead = 32;

    /// <summary>The replies that the reader has not taken yet. They follow those of <see cref="_taken"/>.</summary>
    private Queue<byte[]> _added = new();

    /// <summary>Number of bytes counted for the replies in <see cref="_added"/>.</summary>
    private long _addedBytes;

    /// <summary>The replies that the reader has taken. Used by the reader alone.</summary>
    private Queue<byte[]> _taken = new();

    /// <summary>Number of bytes counted for the replies in <see cref="_taken"/>. Written by the reader alone.</summary>
    private long _takenBytes;

    /// <summary>Initializes an empty buffer.</summary>
    public StreamBuffer() { }

    /// <summary>Gets a value that indicates whether the reader has taken all replies. Called inside the lock.</summary>
    internal readonly bool IsTaken => _added.Count == 0;

    /// <summary>Gets a value that indicates whether the reader has taken replies that it has not read. Called by the reader.</summary>
    internal readonly bool HasTaken => _taken.Count != 0;

    /// <summary>Gets a value that indicates whether the bytes are those of the replies. Called inside the lock.</summary>
    internal readonly bool IsConsistent => _addedBytes >= 0 && _added.Count == 0 == (_addedBytes == 0);

    /// <summary>Gets the number of bytes counted for the replies that the reader has taken. Called by the reader.</summary>
    internal readonly long TakenBytes => _takenBytes;

    /// <summary>Gets the number of bytes counted for all unread replies. Called inside the lock.</summary>
    internal long UnreadBytes => _addedBytes + Volatile.Read(ref _takenBytes);

    /// <summary>Returns the number of bytes that are counted for a reply.</summary>
    internal static int SizeOf(ReadOnlySpan<byte> reply) => ReplyOverhead + reply.Length;

    /// <summary>Adds a reply. Called inside the lock.</summary>
    internal void Add(ReadOnlySpan<byte> reply)
    {
        _added.Enqueue(reply.ToArray());
        _addedBytes += SizeOf(reply);
    }

    /// <summary>Drops the replies that the reader has not taken. Called inside the lock.</summary>
    internal void Clear()
    {
        _added.Clear();
        _addedBytes = 0;
    }

    /// <summary>Takes all replies, in the place of those that were taken before. Called inside the lock, by the reader.</summary>
    internal void TakeAll()
    {
        _taken.Clear();
        (_added, _taken) = (_taken, _added);
        Volatile.Write(ref _takenBytes, _addedBytes);
        _addedBytes = 0;
    }

    /// <summary>Returns the next reply that the reader has taken. Called by the reader.</summary>
    internal bool TryRead([NotNullWhen(true)] out byte[]? reply)
    {
        if (!_taken.TryDequeue(out reply))
        {
            return false;
        }

        Volatile.Write(ref _takenBytes, _takenBytes - SizeOf(reply));
        return true;
    }
}
