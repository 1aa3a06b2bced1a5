namespace Signals.Ipc.Client;

/// <summary>
/// Copies of the requests that wait for room in the send buffer. Small ones share arrays, since an array for each takes more memory than most requests;
/// an array is garbage when none of its requests waits any more. Guarded by the sender's lock.
/// </summary>
internal sealed class KeptRequests
{
    private const int SharedSize = 16 * 1024;

    /// <summary>The number of bytes up to which a request shares an array.</summary>
    private const int LargestShared = SharedSize / 8;

    /// <summary>The array that the next small request goes to, or null.</summary>
    private byte[]? _shared;

    /// <summary>The number of used bytes of <see cref="_shared"/>, of which the first one is never used.</summary>
    private int _used;

    /// <summary>The number of requests that share an array and wait.</summary>
    private int _count;

    /// <summary>Copies the bytes of a request. Returns the array that holds them, and their offset in it: greater than zero if the array is shared.</summary>
    internal (byte[] Array, int Offset) Add(ReadOnlySpan<byte> request)
    {
        if (request.Length > LargestShared)
        {
            return (request.ToArray(), 0);
        }

        if (_shared is null || _shared.Length - _used < request.Length)
        {
            _shared = new byte[SharedSize];
            _used = 1;
        }

        int offset = _used;
        request.CopyTo(_shared.AsSpan(offset));
        _used += request.Length;
        _count++;
        return (_shared, offset);
    }

    /// <summary>Counts a request that no longer waits. The last one releases the array, so that an idle connection keeps none.</summary>
    internal void Release()
    {
        if (--_count == 0)
        {
            _shared = null;
        }
    }
}
