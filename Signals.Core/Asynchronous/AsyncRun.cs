using System.Diagnostics.CodeAnalysis;

namespace Signals;

/// <summary>
/// One run of an asynchronous slot, queued or active. Used again for later runs, so that a slot that completes synchronously allocates nothing.
/// Guarded by the slot's lock, except where documented otherwise.
/// </summary>
/// <param name="slot">The slot to which the run belongs.</param>
[SuppressMessage("Design", "CA1001", Justification = "The source has nothing to release: see the field.")]
internal sealed class AsyncRun<TArguments>(AsyncSlot<TArguments> slot) : ILinkedEntry<AsyncRun<TArguments>>
    where TArguments : struct, IArguments<TArguments>
{
    /// <summary>The source of the run's token. Used again unless it has been canceled.</summary>
    /// <remarks>Not disposed: it has no timer and no wait handle that it owns, and the slot may use the token after its end.</remarks>
    private readonly CancellationTokenSource _cancellation = new();

    /// <summary>The arguments of the emission.</summary>
    internal TArguments Arguments;

    /// <summary>The interest of an asynchronous emission, or null.</summary>
    internal RunTicket? Ticket;

    /// <summary>Completed when the queue has room for the run, or null if no emission waits for that.</summary>
    internal TaskCompletionSource? Room;

    /// <summary>The next run in a list of those whose tokens are to be canceled, or which an evaluator has dropped.</summary>
    internal AsyncRun<TArguments>? NextTaken;

    /// <summary>Indicates whether the run counts as active.</summary>
    internal bool IsActive;

    /// <summary>Indicates whether the slot has been called.</summary>
    internal bool HasStarted;

    /// <summary>Indicates whether the run's token has been or is being canceled. Such a run is not used again.</summary>
    internal bool IsCanceled;

    /// <summary>The exception with which the slot has ended, or null. Written by the thread on which the slot ends.</summary>
    internal Exception? Failure;

    /// <summary>The task of the slot, or null if it has completed successfully. Written by the thread that starts it.</summary>
    internal Task? Task;

    /// <summary>Gets or sets the next run in the list of queued or of active runs, or of those for later use.</summary>
    public AsyncRun<TArguments>? Next { get; set; }

    /// <summary>Gets or sets the previous run in the list of queued or of active runs.</summary>
    public AsyncRun<TArguments>? Previous { get; set; }

    /// <summary>Gets the run's token.</summary>
    internal CancellationToken Token => _cancellation.Token;

    /// <summary>Calls the slot. Called by the thread that starts it, while no lock is held.</summary>
    /// <param name="isScoped">Indicates whether code that the slot calls can be recognized.</param>
    /// <param name="scope">The context that the slot keeps for that.</param>
    /// <returns>True if the slot has ended. Otherwise, <see cref="AsyncSlot{TArguments}.OnEnded"/> follows.</returns>
    internal bool Invoke(bool isScoped, ref RunScope? scope)
    {
        try
        {
            if (isScoped)
            {
                RunScope.Run(slot, ref scope, static state => ((AsyncRun<TArguments>)state!).Call(), this);
            }
            else
            {
                Call();
            }

            if (Task is null or { IsCompleted: true })
            {
                Task?.GetAwaiter().GetResult();
                return true;
            }
        }
        catch (Exception exception)
        {
            Failure = exception;
            return true;
        }

        // Not an awaiter's continuation: that would leave the thread on which the slot ends if it has a synchronization context, which a round
        // of an evaluator has, and the next run would start later than it could.
        Task.ContinueWith(
            static (task, state) => ((AsyncRun<TArguments>)state!).OnEnded(task),
            this,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
        return false;
    }

    /// <summary>Ends the run with the result of its task.</summary>
    private void OnEnded(Task task)
    {
        try
        {
            task.GetAwaiter().GetResult();
        }
        catch (Exception exception)
        {
            Failure = exception;
        }

        slot.OnEnded(this);
    }

    /// <summary>Cancels the run's token. Callbacks run on the thread pool. Called while no lock is held.</summary>
    /// <returns>The task that ends when the callbacks have run.</returns>
    internal Task CancelAsync() => _cancellation.CancelAsync();

    /// <summary>Prepares the run for its next use. Returns false if it cannot be used again.</summary>
    internal bool TryReset()
    {
        if (IsCanceled || !_cancellation.TryReset())
        {
            return false;
        }

        (Arguments, Ticket, Room, Next, Previous, NextTaken) = (default, null, null, null, null, null);
        (IsActive, HasStarted, Failure, Task) = (false, false, null, null);
        return true;
    }

    /// <summary>Calls the user's slot. Called by the thread that starts it, while no lock is held.</summary>
    private void Call()
    {
        ValueTask task = Arguments.InvokeAsync(slot.UserSlot, Token);
        if (task.IsCompletedSuccessfully)
        {
            task.GetAwaiter().GetResult();
        }
        else
        {
            Task = task.AsTask();
        }
    }
}
