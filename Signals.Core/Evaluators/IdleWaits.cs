namespace Signals;

/// <summary>The callers that wait until a connection has no pending or running invocation.</summary>
/// <param name="queue">The queue of the evaluator, whose lock guards the list.</param>
internal sealed class IdleWaits(InvocationQueue queue)
{
    /// <summary>The waits, linked through <see cref="IdleWait.Next"/>, or null.</summary>
    private IdleWait? _first;

    /// <summary>Returns a task that completes when no invocation of a connection is pending or running.</summary>
    internal Task Add(ConnectionHandle connection)
    {
        var wait = new IdleWait(connection);
        queue.State.Lock.Enter();
        bool isBusy = queue.IsBusy(connection);
        if (isBusy)
        {
            wait.Next = _first;
            Volatile.Write(ref _first, wait);
        }

        queue.State.Lock.Exit();
        if (!isBusy)
        {
            return Task.CompletedTask;
        }

        // The evaluating thread clears its mark and then looks for waits, without a barrier between the two. Either it sees this wait, or this
        // thread sees that the round has ended.
        Interlocked.MemoryBarrierProcessWide();
        Check();
        return wait.Task;
    }

    /// <summary>Completes the waits for connections that are idle. Called after each change that may make one idle, while no lock is held.</summary>
    internal void Check()
    {
        if (Volatile.Read(ref _first) is not null)
        {
            Complete();
        }
    }

    private void Complete()
    {
        IdleWait? completed = null;
        queue.State.Lock.Enter();
        IdleWait? wait = _first;
        _first = null;
        while (wait is not null)
        {
            IdleWait? next = wait.Next;
            ref IdleWait? list = ref queue.IsBusy(wait.Connection) ? ref _first : ref completed;
            wait.Next = list;
            list = wait;
            wait = next;
        }

        queue.State.Lock.Exit();
        for (; completed is not null; completed = completed.Next)
        {
            completed.TrySetResult();
        }
    }
}
