using System.Diagnostics;

namespace Signals.Remote;

/// <summary>Payloads that are not used, of which large ones and too many are left to the garbage collector.</summary>
internal sealed class PayloadPool
{
    private const int MaxCount = 4096;
    private const int MaxSize = 512;

    private readonly Lock _lock = new();
    private readonly Stack<EncodedPayload> _unused = new();

    internal EncodedPayload Rent()
    {
        lock (_lock)
        {
            AssertInvariants();
            if (_unused.TryPop(out EncodedPayload? payload))
            {
                return payload;
            }
        }

        return new EncodedPayload(this);
    }

    internal void Return(EncodedPayload payload)
    {
        payload.Reset();
        if (payload.Capacity > MaxSize)
        {
            return;
        }

        lock (_lock)
        {
            AssertInvariants();
            if (_unused.Count < MaxCount)
            {
                _unused.Push(payload);
            }
        }
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(_unused.Count <= MaxCount);
    }
}
