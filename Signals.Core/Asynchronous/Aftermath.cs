namespace Signals;

/// <summary>The work that remains when the lock of an asynchronous slot has been released, because it runs user code.</summary>
internal struct Aftermath<TArguments>
    where TArguments : struct, IArguments<TArguments>
{
    /// <summary>The runs whose tokens are to be canceled.</summary>
    private AsyncRun<TArguments>? _canceled;

    /// <summary>The tickets that are to be completed.</summary>
    private RunTicket? _ended;

    /// <summary>The callers that wait for the connection to be idle.</summary>
    private TaskCompletionSource? _idle;

    /// <summary>The emissions for which the queue has room, or null.</summary>
    private List<TaskCompletionSource>? _admitted;

    /// <summary>Marks a run as canceled.</summary>
    internal void Cancel(AsyncRun<TArguments> run)
    {
        if (!run.IsCanceled)
        {
            run.IsCanceled = true;
            run.NextTaken = _canceled;
            _canceled = run;
        }
    }

    /// <summary>Ends the interest in a run, and the wait for room.</summary>
    internal void End(AsyncRun<TArguments> run)
    {
        Admit(run);
        End(run.Ticket);
        run.Ticket = null;
    }

    /// <inheritdoc cref="End(AsyncRun{TArguments})"/>
    internal void End(RunTicket? ticket)
    {
        if (ticket is not null)
        {
            ticket.End();
            ticket.Next = _ended;
            _ended = ticket;
        }
    }

    /// <summary>Ends the wait of an emission for room in the queue.</summary>
    internal void Admit(AsyncRun<TArguments> run)
    {
        if (run.Room is { } room)
        {
            run.Room = null;
            (_admitted ??= []).Add(room);
        }
    }

    /// <summary>Ends the wait of callers for the connection to be idle.</summary>
    internal void EndIdleWait(ref TaskCompletionSource? idle)
    {
        _idle = idle;
        idle = null;
    }

    /// <summary>Does what remains to be done.</summary>
    internal void Perform(AsyncSlot<TArguments> slot)
    {
        for (AsyncRun<TArguments>? run = _canceled; run is not null; )
        {
            AsyncRun<TArguments>? next = run.NextTaken;
            run.NextTaken = null;
            slot.ObserveCancellation(run.CancelAsync());
            run = next;
        }

        for (RunTicket? ticket = _ended; ticket is not null; )
        {
            RunTicket? next = ticket.Next;
            ticket.Next = null;
            ticket.Complete();
            ticket = next;
        }

        _admitted?.ForEach(static room => room.TrySetResult());

        _idle?.TrySetResult();
    }
}
