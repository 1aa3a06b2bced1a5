namespace Signals;

/// <summary>Emissions that await the asynchronous slots.</summary>
internal static class AsyncEmission
{
    /// <summary>Emits a signal and awaits its asynchronous slots.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="slots">The slots that its emissions run.</param>
    /// <param name="arguments">The arguments to pass to the slots.</param>
    /// <param name="mode">The order in which the slots are awaited.</param>
    /// <param name="cancellationToken">The token that cancels the emission.</param>
    internal static ValueTask Emit<TArguments>(SignalBase signal, object? slots, TArguments arguments, EmitMode mode, CancellationToken cancellationToken)
        where TArguments : struct, IArguments<TArguments>
    {
        if (!Enum.IsDefined(mode))
        {
            throw new ArgumentOutOfRangeException(nameof(mode), mode, $"The mode must be a defined value of {nameof(EmitMode)}.");
        }

        return cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled(cancellationToken)
            : mode == EmitMode.Sequential ? EmitSequentially(signal, slots, arguments, cancellationToken)
            : EmitConcurrently(signal, slots, arguments, cancellationToken);
    }

    private static async ValueTask EmitSequentially<TArguments>(
        SignalBase signal,
        object? slots,
        TArguments arguments,
        CancellationToken cancellationToken
    )
        where TArguments : struct, IArguments<TArguments>
    {
        var cursor = new SlotCursor(signal, slots);
        SlotFailures? failures = null;
        while (
            !cancellationToken.IsCancellationRequested
            && (failures is null || !signal.StopsAtFirst)
            && cursor.TryNext(out Delegate? slot, out ConnectionHandle connection)
        )
        {
            Exception? failure = Start(slot, arguments, cancellationToken, out StartedRun run);
            if (failure is not null)
            {
                (failures ??= new SlotFailures()).Add(failure, slot, connection);
            }

            if (run.WaitForEnd() is { } ended)
            {
                // The next slot runs in the synchronization context of the caller.
                await ended.ConfigureAwait(true);
            }

            if (run.End() is { } thrown)
            {
                (failures ??= new SlotFailures()).Keep(thrown, slot);
            }
        }

        failures?.ThrowIfAny(signal.TypeName);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static async ValueTask EmitConcurrently<TArguments>(
        SignalBase signal,
        object? slots,
        TArguments arguments,
        CancellationToken cancellationToken
    )
        where TArguments : struct, IArguments<TArguments>
    {
        var cursor = new SlotCursor(signal, slots);
        List<(StartedRun Run, Exception? Failure, Delegate Slot)>? started = null;
        bool stops = false;
        while (!cancellationToken.IsCancellationRequested && !stops && cursor.TryNext(out Delegate? slot, out ConnectionHandle connection))
        {
            Exception? failure = Start(slot, arguments, cancellationToken, out StartedRun run);
            if (run.Room is { } room)
            {
                await room.ConfigureAwait(true);
            }

            if (failure is not null && signal.ExceptionHandler is { } handler)
            {
                failure = Handle(handler, failure, connection);
            }

            if (failure is not null || run.WaitForEnd() is not null)
            {
                (started ??= []).Add((run, failure, slot));
            }
            else if (run.End() is { } thrown)
            {
                (started ??= []).Add((default, thrown, slot));
                failure = thrown;
            }

            stops = failure is not null && signal.StopsAtFirst;
        }

        if (started is not null)
        {
            await AwaitAll(signal, started).ConfigureAwait(true);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Awaits runs, and throws the exceptions that no handler has received in the order of the slots.</summary>
    private static async ValueTask AwaitAll(SignalBase signal, List<(StartedRun Run, Exception? Failure, Delegate Slot)> started)
    {
        SlotFailures? failures = null;
        foreach ((StartedRun run, Exception? failure, Delegate slot) in started)
        {
            if (run.WaitForEnd() is { } ended)
            {
                await ended.ConfigureAwait(false);
            }

            if ((failure ?? run.End()) is { } thrown)
            {
                (failures ??= new SlotFailures()).Keep(thrown, slot);
            }
        }

        failures?.ThrowIfAny(signal.TypeName);
    }

    /// <summary>Calls a slot, and returns the exception that it throws, or null.</summary>
    private static Exception? Start<TArguments>(Delegate slot, TArguments arguments, CancellationToken cancellationToken, out StartedRun run)
        where TArguments : struct, IArguments<TArguments>
    {
        run = TrackedConnection.TargetOf(slot) is IAsyncSlot asynchronous ? new StartedRun(asynchronous, cancellationToken) : default;
        try
        {
            run.Offer();
            arguments.Invoke(slot);
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
        finally
        {
            run.TakeBack();
        }
    }

    /// <summary>Passes an exception to the handler of the signal, and returns the one that the handler throws, or null.</summary>
    private static Exception? Handle(Action<Exception, ConnectionHandle> handler, Exception failure, ConnectionHandle connection)
    {
        try
        {
            handler(failure, connection);
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }
}
