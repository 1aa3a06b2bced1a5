using System.Diagnostics;

namespace Signals.Ipc.Exchange;

/// <summary>The streams that a client watches on one connection, and the request ids of the calls by which it does.</summary>
internal sealed class WatchedStreams
{
    /// <summary>Guards everything below. No other lock is taken inside it.</summary>
    private readonly Lock _lock = new();

    private readonly Dictionary<uint, ulong> _requests = [];
    private readonly Dictionary<ulong, uint> _streams = [];

    /// <summary>Gets the number of streams.</summary>
    internal int Count
    {
        get
        {
            lock (_lock)
            {
                AssertInvariants();
                return _requests.Count;
            }
        }
    }

    /// <summary>Adds a stream. The request id takes the place of an earlier one.</summary>
    internal void Add(uint stream, ulong requestId)
    {
        lock (_lock)
        {
            AssertInvariants();
            RemoveLocked(stream);
            _requests.Add(stream, requestId);
            _streams[requestId] = stream;
        }
    }

    /// <summary>Removes a stream that is not watched any more.</summary>
    internal void Remove(uint stream)
    {
        lock (_lock)
        {
            AssertInvariants();
            RemoveLocked(stream);
        }
    }

    /// <summary>Finds the stream of a request.</summary>
    internal bool TryFindStream(ulong requestId, out uint stream)
    {
        lock (_lock)
        {
            AssertInvariants();
            return _streams.TryGetValue(requestId, out stream);
        }
    }

    /// <summary>Finds the request of a stream.</summary>
    internal bool TryFindRequest(uint stream, out ulong requestId)
    {
        lock (_lock)
        {
            AssertInvariants();
            return _requests.TryGetValue(stream, out requestId);
        }
    }

    private void RemoveLocked(uint stream)
    {
        if (_requests.Remove(stream, out ulong requestId))
        {
            _streams.Remove(requestId);
        }
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(_streams.Count <= _requests.Count, "A hostile client may use one request id for several streams.");
    }
}
