using System.Diagnostics.CodeAnalysis;

namespace Signals.Ipc.Host;

/// <summary>
/// The calls of a client that must not overtake a method that blocks: the one-way calls behind a one-way call, or all calls if they are serialized. Their
/// methods run on the thread of the one that blocks, when it has returned. Thread-safe through the lock of its connection.
/// </summary>
internal sealed class CallBacklog
{
    private readonly LinkedList<BackloggedCall> _calls = [];

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Gets a task that completes when no method of the backlog runs or waits any more, or the connection has been closed.</summary>
    internal Task Ended => _ended.Task;

    internal bool IsEmpty => _calls.Count == 0;

    internal void Add(BackloggedCall call) => _calls.AddLast(call);

    /// <summary>Takes the next call. Returns false if there is none.</summary>
    internal bool TryTake([NotNullWhen(true)] out BackloggedCall? call)
    {
        call = _calls.First?.Value;
        if (call is null)
        {
            return false;
        }

        _calls.RemoveFirst();
        return true;
    }

    /// <summary>Removes a call that is canceled, which wants a reply. Returns null if it does not wait here.</summary>
    internal BackloggedCall? Remove(ulong requestId)
    {
        BackloggedCall? call = _calls.FirstOrDefault(call => call.Context.WantsReply && call.Context.RequestId == requestId);
        if (call is not null)
        {
            _calls.Remove(call);
        }

        return call;
    }

    internal void End() => _ended.TrySetResult();
}
