namespace Signals;

/// <summary>Asynchronous slot, as an emission that awaits it sees it.</summary>
internal interface IAsyncSlot
{
    /// <summary>Gets the lock of the slot.</summary>
    object Gate { get; }

    /// <summary>Returns a ticket for one run.</summary>
    RunTicket RentTicket();

    /// <summary>Takes back a ticket whose run ended before the emission waited for it.</summary>
    void ReturnTicket(RunTicket ticket);

    /// <summary>Cancels the run of an emission, or removes it from the queue.</summary>
    void Cancel(RunTicket ticket);
}
