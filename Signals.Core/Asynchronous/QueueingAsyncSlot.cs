using System.Threading.Channels;

namespace Signals;

/// <summary>Asynchronous slot that queues emissions while the maximum number of runs is active.</summary>
internal sealed class QueueingAsyncSlot<TArguments> : AsyncSlot<TArguments>
    where TArguments : struct, IArguments<TArguments>
{
    private readonly int _capacity;
    private readonly BoundedChannelFullMode _fullMode;

    /// <summary>Number of queued runs whose emission waits for room.</summary>
    private int _waiting;

    internal QueueingAsyncSlot(Delegate slot, AsyncSlotOptions options, int limit, ConnectionEvaluator? evaluator)
        : base(slot, options, limit, evaluator)
    {
        _capacity = options.Capacity ?? int.MaxValue;
        _fullMode = options.FullMode;
        IsScoped = options is { Capacity: not null, FullMode: BoundedChannelFullMode.Wait };
    }

    private protected override void Admit(AsyncRun<TArguments> run, ref Aftermath<TArguments> after)
    {
        if (Queued.Count - _waiting >= _capacity)
        {
            switch (_fullMode)
            {
                case BoundedChannelFullMode.DropWrite:
                    Skip(run, ref after);
                    return;
                case BoundedChannelFullMode.DropNewest:
                    RemoveQueued(Queued.Last!, ref after);
                    break;
                case BoundedChannelFullMode.DropOldest:
                    RemoveQueued(Queued.First!, ref after);
                    break;
                default:
                    if (!IsInsideRun && !IsInsideRound)
                    {
                        // Queued already, so that emissions keep their order. It counts as soon as there is room.
                        run.Room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                        _waiting++;
                    }

                    break;
            }
        }

        Queued.Add(run);
    }

    private protected override void RemoveQueued(AsyncRun<TArguments> run, ref Aftermath<TArguments> after)
    {
        if (run.Room is not null)
        {
            _waiting--;
        }

        base.RemoveQueued(run, ref after);
        OnRoom(ref after);
    }

    private protected override void OnDequeued(AsyncRun<TArguments> run, ref Aftermath<TArguments> after)
    {
        if (run.Room is not null)
        {
            _waiting--;
            after.Admit(run);
        }

        OnRoom(ref after);
    }

    /// <summary>Ends the waits of emissions for which there is room.</summary>
    private void OnRoom(ref Aftermath<TArguments> after)
    {
        for (AsyncRun<TArguments>? run = Queued.First; _waiting > 0 && Queued.Count - _waiting < _capacity && run is not null; run = run.Next)
        {
            if (run.Room is not null)
            {
                _waiting--;
                after.Admit(run);
            }
        }
    }
}
