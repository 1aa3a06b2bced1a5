using System.Diagnostics;

namespace Signals.Ipc.Host;

/// <summary>
/// The calls of a client that can be canceled: the pending ones, those whose running method has requested its token or blocks, and those that wait for such
/// a method. All members are thread-safe.
/// </summary>
internal sealed class HeldCalls
{
    /// <summary>Guards everything below.</summary>
    private readonly Lock _lock = new();

    /// <summary>The calls, by request id.</summary>
    private readonly Dictionary<ulong, CallContext> _calls = [];

    /// <summary>
    /// The calls that can only be canceled when the client disconnects, because it has used their request ids twice. Null until it does.
    /// </summary>
    private List<CallContext>? _duplicates;

    /// <summary>A value that indicates whether the client has disconnected, so that calls are canceled at once.</summary>
    private bool _isGone;

    /// <summary>Holds a call, until it ends. Cancels it if the client has disconnected.</summary>
    internal void Hold(CallContext context)
    {
        bool isGone;
        lock (_lock)
        {
            AssertInvariants();
            isGone = _isGone;
            if (!isGone && !context.IsHeld)
            {
                context.IsHeld = true;
                if (!_calls.TryAdd(context.RequestId, context))
                {
                    (_duplicates ??= []).Add(context);
                }
            }
        }

        if (isGone)
        {
            context.Cancel();
            return;
        }

        // Pairs with the end of a method: either this thread sees that the method has ended, or that thread sees that the call is held.
        Interlocked.MemoryBarrier();
        if (context.HasReturned)
        {
            Release(context);
        }
    }

    /// <summary>Stops holding a call, which has ended.</summary>
    internal void Release(CallContext context)
    {
        lock (_lock)
        {
            AssertInvariants();
            if (_calls.TryGetValue(context.RequestId, out CallContext? held) && held == context)
            {
                _calls.Remove(context.RequestId);
            }
            else
            {
                _duplicates?.Remove(context);
            }
        }
    }

    /// <summary>Cancels a call, if it is held.</summary>
    internal void Cancel(ulong requestId)
    {
        CallContext? context;
        lock (_lock)
        {
            AssertInvariants();
            _calls.Remove(requestId, out context);
        }

        context?.Cancel();
    }

    /// <summary>Cancels all calls, and those that are held later: the client has disconnected.</summary>
    internal void CancelAll()
    {
        CallContext[] held;
        lock (_lock)
        {
            AssertInvariants();
            _isGone = true;
            held = [.. _calls.Values, .. _duplicates ?? []];
            _calls.Clear();
            _duplicates = null;
        }

        Array.ForEach(held, static context => context.Cancel());
    }

    /// <summary>Returns the names of the services and methods of the calls.</summary>
    internal string[] GetMethods()
    {
        lock (_lock)
        {
            AssertInvariants();
            return [.. _calls.Values.Concat(_duplicates ?? []).Select(static context => context.Method.FullName)];
        }
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(!_isGone || (_calls.Count == 0 && _duplicates is null), "A client that has disconnected holds no call.");
    }
}
