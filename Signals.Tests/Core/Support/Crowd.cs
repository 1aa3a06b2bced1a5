namespace Signals.Tests.Core;

/// <summary>Signal with many numbered slots that log their numbers: 0, 1, 2, … in the order of their connections.</summary>
internal sealed class Crowd
{
    internal Crowd(int count) => Connect(count);

    internal Signal<string> Signal { get; } = new();

    /// <summary>Gets the handles of the connections. The handle of slot n is at index n.</summary>
    internal List<ConnectionHandle> Handles { get; } = [];

    /// <summary>Gets the numbers of the slots that ran.</summary>
    internal List<int> Calls { get; } = [];

    /// <summary>Gets actions by the number of the slot inside of which each runs once.</summary>
    internal Dictionary<int, Action> Inside { get; } = [];

    /// <summary>Gets the numbers of all active, unblocked connections, whose slots the next emission must call.</summary>
    internal int[] Callable => [.. Enumerable.Range(0, Handles.Count).Where(number => Handles[number].IsActive && !Handles[number].IsBlocked)];

    internal void Connect(int count)
    {
        for (int i = 0; i < count; i++)
        {
            int number = Handles.Count;
            Handles.Add(Signal.Connect(() => Run(number)));
        }
    }

    /// <summary>Emits and returns the numbers of the slots that ran.</summary>
    internal int[] Emit()
    {
        Calls.Clear();
        Signal.Emit("");
        return [.. Calls];
    }

    internal void Disconnect(Func<int, bool> which)
    {
        for (int number = 0; number < Handles.Count; number++)
        {
            if (which(number))
            {
                Handles[number].Disconnect();
            }
        }
    }

    private void Run(int number)
    {
        Calls.Add(number);
        if (Inside.Remove(number, out Action? inside))
        {
            inside();
        }
    }
}
