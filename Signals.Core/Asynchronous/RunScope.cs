namespace Signals;

/// <summary>
/// Marks the code that a run of an asynchronous slot calls, also after an <see langword="await"/>. The mark is part of the execution context. A
/// derived context is kept and used again, so that a slot that completes synchronously allocates nothing.
/// </summary>
internal sealed class RunScope
{
    private static readonly AsyncLocal<RunMark?> Current = new();

    /// <summary>The context from which <see cref="_derived"/> was made.</summary>
    private readonly ExecutionContext _ambient;

    /// <summary>The same context with the mark.</summary>
    private readonly ExecutionContext _derived;

    private RunScope(ExecutionContext ambient, ExecutionContext derived)
    {
        _ambient = ambient;
        _derived = derived;
    }

    /// <summary>Determines whether a run of a slot has called the current code.</summary>
    internal static bool IsInside(object slot)
    {
        RunMark? mark = Current.Value;
        while (mark is not null && mark.Slot != slot)
        {
            mark = mark.Outer;
        }

        return mark is not null;
    }

    /// <summary>Runs an action inside a slot.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="scope">The context that the slot keeps.</param>
    /// <param name="action">The action.</param>
    /// <param name="state">The argument of the action.</param>
    internal static void Run(object slot, ref RunScope? scope, System.Threading.ContextCallback action, object state)
    {
        if (ExecutionContext.Capture() is not { } ambient)
        {
            // The caller has suppressed the flow of the context.
            action(state);
            return;
        }

        RunScope? kept = Volatile.Read(ref scope);
        if (kept?._ambient != ambient)
        {
            kept = Derive(slot, ambient);
            Volatile.Write(ref scope, kept);
        }

        ExecutionContext.Run(kept!._derived, action, state);
    }

    private static RunScope Derive(object slot, ExecutionContext ambient)
    {
        Current.Value = new RunMark(slot, Current.Value);
        try
        {
            return new RunScope(ambient, ExecutionContext.Capture()!);
        }
        finally
        {
            // Not by resetting the value, which would create a third context: the caller's remains, and the derived one is used again.
            ExecutionContext.Restore(ambient);
        }
    }

    private sealed record RunMark(object Slot, RunMark? Outer);
}
