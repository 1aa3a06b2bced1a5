namespace Signals.Systematic.Support;

/// <summary>Signal with numbered slots that log their numbers for the emission that runs them.</summary>
/// <param name="emitters">The number of emissions, each by one thread.</param>
internal sealed class LoggingSignal(int emitters)
{
    private readonly List<int>[] _calls = [.. Enumerable.Range(0, emitters).Select(_ => new List<int>())];

    internal Signal<int> Signal { get; } = new();

    /// <summary>Gets the connections in the order in which they were made: the slot with number n has the handle at n.</summary>
    internal List<ConnectionHandle> Handles { get; } = [];

    internal int ConnectionCount => Signal.ConnectionCount;

    /// <summary>Gets the numbers of the slots that an emission ran.</summary>
    internal IEnumerable<int> Calls(int emission) => _calls[emission];

    internal void Connect(int count)
    {
        for (int i = 0; i < count; i++)
        {
            int number = Handles.Count;
            Handles.Add(Signal.Connect(emission => _calls[emission].Add(number)));
        }
    }

    internal void Disconnect(int number) => Handles[number].Disconnect();

    internal void Emit(int emission) => Signal.Emit(emission);

    /// <summary>
    /// Moves the only connection out of the signal itself into a table, out of that into one whose connections are looked up by indices, and
    /// takes the indices of all others away. The calling thread may be preempted, because it enters locks that spin.
    /// </summary>
    internal void MoveRoundAbout()
    {
        Connect(3);
        Disconnect(1);
        Connect(1);
        Disconnect(2);
        Disconnect(3);
        Disconnect(4);
        Signal.TrimExcess();
    }
}
