namespace Signals;

/// <summary>Runs the invocations of one round of an evaluator.</summary>
internal static class Round
{
    /// <summary>Runs all invocations of a round, even if slots throw.</summary>
    internal static SlotFailures? Run(InvocationQueue queue, QueuedInvocation[] round, int count)
    {
        SlotFailures? failures = null;
        Exception? unrecorded = null;
        DeferredSlot? throwingSlot = null;
        while (true)
        {
            // One try block for all slots up to the next one that throws, as in an emission.
            try
            {
                queue.Run(round, count);
                break;
            }
            catch (Exception exception)
            {
                DeferredSlot slot = queue.RemoveThrown(round);
                if (!TryRecord(ref failures, exception, slot))
                {
                    (unrecorded, throwingSlot) = (exception, slot);
                }
            }
        }

        if (unrecorded is not null)
        {
            // All other slots have run: if there is still no memory, throwing here skips none of them.
            Record(ref failures, unrecorded, throwingSlot!);
        }

        return failures;
    }

    /// <summary>Keeps the exception of a slot. Returns false if there is not enough memory.</summary>
    private static bool TryRecord(ref SlotFailures? failures, Exception exception, DeferredSlot slot)
    {
        try
        {
            Record(ref failures, exception, slot);
            return true;
        }
        catch (OutOfMemoryException)
        {
            return false;
        }
    }

    private static void Record(ref SlotFailures? failures, Exception exception, DeferredSlot slot)
    {
        failures ??= new SlotFailures();
        failures.Add(exception, slot.UserSlot, slot.Handle);
    }
}
