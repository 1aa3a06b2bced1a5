namespace Signals;

/// <summary>List of runs in order, linked through the runs, so that adding and removing allocate no memory.</summary>
internal struct RunList<TArguments>
    where TArguments : struct, IArguments<TArguments>
{
    /// <summary>Gets the oldest run, or null.</summary>
    internal AsyncRun<TArguments>? First { get; private set; }

    /// <summary>Gets the newest run, or null.</summary>
    internal AsyncRun<TArguments>? Last { get; private set; }

    /// <summary>Gets the number of runs.</summary>
    internal int Count { get; private set; }

    internal void Add(AsyncRun<TArguments> run)
    {
        run.Previous = Last;
        run.Next = null;
        if (Last is { } last)
        {
            last.Next = run;
        }
        else
        {
            First = run;
        }

        Last = run;
        Count++;
    }

    internal void Remove(AsyncRun<TArguments> run)
    {
        (AsyncRun<TArguments>? previous, AsyncRun<TArguments>? next) = (run.Previous, run.Next);
        if (previous is null)
        {
            First = next;
        }
        else
        {
            previous.Next = next;
        }

        if (next is null)
        {
            Last = previous;
        }
        else
        {
            next.Previous = previous;
        }

        (run.Previous, run.Next) = (null, null);
        Count--;
    }
}
