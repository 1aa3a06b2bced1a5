namespace Signals;

/// <summary>The run that an asynchronous emission has started, or nothing if the slot is not asynchronous.</summary>
internal readonly struct StartedRun
{
    private readonly IAsyncSlot? _slot;
    private readonly RunTicket? _ticket;

    /// <summary>The registration that cancels the run with the emission.</summary>
    private readonly CancellationTokenRegistration _registration;

    /// <summary>Initializes a run that has not been started.</summary>
    /// <param name="slot">The asynchronous slot.</param>
    /// <param name="cancellationToken">The token that cancels the run.</param>
    internal StartedRun(IAsyncSlot slot, CancellationToken cancellationToken)
    {
        _slot = slot;
        _ticket = slot.RentTicket();
        _registration = cancellationToken.UnsafeRegister(static ticket => ((RunTicket)ticket!).Cancel(), _ticket);
    }

    /// <summary>Gets the task that completes when the slot's queue has room, or null if the emission does not wait for room.</summary>
    internal Task? Room => _ticket?.Room;

    /// <summary>Passes the ticket to the slot that the current thread calls next.</summary>
    internal void Offer()
    {
        if (_ticket is not null)
        {
            RunTicket.Offer(_ticket);
        }
    }

    /// <summary>Ends the run if the slot has not taken the ticket.</summary>
    internal void TakeBack()
    {
        if (_ticket is not null)
        {
            RunTicket.Take()?.End();
        }
    }

    /// <summary>Returns the task that completes when the run has ended, or null if it has ended.</summary>
    internal Task? WaitForEnd() => _ticket?.WaitForEnd();

    /// <summary>Called when the run has ended. Returns the exception that no handler has received, or null.</summary>
    internal Exception? End()
    {
        if (_ticket is null)
        {
            return null;
        }

        Exception? failure = _ticket.Failure;
        if (_registration.Unregister() || !_registration.Token.CanBeCanceled)
        {
            _slot!.ReturnTicket(_ticket);
        }

        return failure;
    }
}
