using System.Diagnostics;

namespace Signals.Ipc.Host;

/// <summary>The calls of a client that arrive while a method blocks that they must not overtake, if there is one. All members are thread-safe.</summary>
/// <param name="serializesCalls">
/// A value that indicates whether no call overtakes another one. If false, all calls wait for one that connects to a signal, and one-way calls for a
/// one-way call.
/// </param>
internal sealed class BlockedCalls(bool serializesCalls)
{
    /// <summary>Guards the field below and the backlog in it.</summary>
    private readonly Lock _lock = new();

    /// <summary>The calls that wait, or null if no method blocks that calls must not overtake. Also read without the lock.</summary>
    private CallBacklog? _backlog;

    /// <summary>A value that indicates whether the backlog is that of a call that connects to a signal, so that all calls wait. Also read without the lock.</summary>
    private volatile bool _isOfSubscription;

    /// <summary>Gets a value that indicates whether calls may have to wait.</summary>
    internal bool Exist => Volatile.Read(ref _backlog) is not null;

    /// <summary>Begins to queue calls, because the method of a call blocks. Called in the place of the receive loop.</summary>
    internal void Begin(CallContext blocking)
    {
        if (!serializesCalls && blocking.WantsReply && !blocking.IsSubscription)
        {
            return;
        }

        lock (_lock)
        {
            AssertInvariants();
            if (_backlog is not null)
            {
                // One-way calls already wait for another one, whose thread runs them.
                return;
            }

            blocking.HasBacklog = true;
            _isOfSubscription = blocking.IsSubscription;
            _backlog = new CallBacklog();
        }
    }

    /// <summary>Returns a value that indicates whether a call must not overtake a method that blocks.</summary>
    internal bool MustWait(CallContext context) => serializesCalls || _isOfSubscription || !context.WantsReply;

    /// <summary>Queues a call. Returns false if no method blocks any more, so that the call may be handled now.</summary>
    internal bool TryAdd(BackloggedCall call)
    {
        lock (_lock)
        {
            AssertInvariants();
            if (_backlog is null)
            {
                return false;
            }

            _backlog.Add(call);
            return true;
        }
    }

    /// <summary>Takes the next call, on the thread of the method that has blocked. The last one ends the queueing.</summary>
    internal BackloggedCall? TakeNext()
    {
        lock (_lock)
        {
            AssertInvariants();
            if (_backlog!.TryTake(out BackloggedCall? call))
            {
                return call;
            }

            _backlog.End();
            _backlog = null;
            _isOfSubscription = false;
            return null;
        }
    }

    /// <summary>Removes a call that is canceled. Returns null if it does not wait.</summary>
    internal BackloggedCall? Remove(ulong requestId)
    {
        lock (_lock)
        {
            AssertInvariants();
            return _backlog?.Remove(requestId);
        }
    }

    /// <summary>Ends the wait for the calls, because the connection is closed.</summary>
    internal void OnClosing()
    {
        lock (_lock)
        {
            AssertInvariants();
            _backlog?.End();
        }
    }

    /// <summary>Completes when the calls have been started.</summary>
    internal Task WhenStartedAsync()
    {
        lock (_lock)
        {
            AssertInvariants();
            return _backlog is { IsEmpty: false } ? _backlog.Ended : Task.CompletedTask;
        }
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants() => Debug.Assert(_lock.IsHeldByCurrentThread);
}
