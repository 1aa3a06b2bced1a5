namespace Signals.Ipc.Threading;

/// <summary>
/// Decides whether it is worthwhile to wait for more data on the reading thread: as long as more data arrives soon. After each failure, twice as
/// many opportunities are skipped, up to a limit.
/// </summary>
internal struct SpinHistory
{
    /// <summary>The number of consecutive failures after which the number of skipped opportunities no longer grows.</summary>
    private const int MostFailures = 6;

    private int _failures;

    /// <summary>The number of opportunities to skip.</summary>
    private int _toSkip;

    /// <summary>Takes the next opportunity. Returns true if the caller should wait, and then call <see cref="Record"/>.</summary>
    internal bool TakeChance()
    {
        if (_toSkip == 0)
        {
            return true;
        }

        _toSkip--;
        return false;
    }

    /// <summary>Records whether the wait was successful.</summary>
    internal void Record(bool succeeded)
    {
        _failures = succeeded ? 0 : Math.Min(_failures + 1, MostFailures);
        _toSkip = succeeded ? 0 : 1 << _failures;
    }
}
