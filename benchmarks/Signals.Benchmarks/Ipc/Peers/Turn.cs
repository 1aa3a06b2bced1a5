namespace Signals.Benchmarks.Ipc.Peers;

/// <summary>The time in which one contender works while the others pause. Another thread ends it.</summary>
internal sealed class Turn
{
    private volatile bool _isOver;

    internal bool IsOver => _isOver;

    internal void End() => _isOver = true;
}
