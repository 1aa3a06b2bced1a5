namespace Signals.Remote;

/// <summary>The number of exchanges through which the value has come that the running slot was given.</summary>
internal static class RemoteHops
{
    /// <summary>The maximum number. A value that would come further travels in a circle.</summary>
    internal const int Max = 16;

    [ThreadStatic]
    private static int _current;

    internal static int Current
    {
        get => _current;
        set => _current = value;
    }
}
