namespace Signals.Tests.Core;

/// <summary>A signal with many numbered slots that log their numbers: 0, 1, 2, … in the order of their connections.</summary>
internal sealed class Crowd
{
    internal Crowd(int count) => Connect(count);

    internal Signal<string> Signal { get; } = new();

    /// <summary>The connections; the slot with number n has the handle at n.</summary>
    internal List<ConnectionHandle> Handles { get; } = [];

    /// <summary>The numbers of the slots that ran.</summary>
    internal List<int> Calls { get; } = [];

    /// <summary>What to do inside a slot, once, when the slot with this number runs.</summary>
    internal Dictionary<int, Action> Inside { get; } = [];

    /// <summary>The numbers of all active, unblocked connections: what an emission that starts now has to call.</summary>
    internal int[] Callable =>
        [.. Enumerable.Range(0, Handles.Count).Where(number => Handles[number].IsActive && !Handles[number].IsBlocked)];

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
