namespace Signals.Ipc.Sockets;

/// <summary>
/// Says whether it is worth while to wait for more on the thread that read what came: as long as more comes soon. Each time it did not, twice as
/// many chances are let go by, up to a limit.
/// </summary>
internal struct SpinHistory
{
    /// <summary>After so many failures in a row the chances that are let go by grow no more.</summary>
    private const int MostFailures = 6;

    private int _failures;

    /// <summary>How many chances are still to be let go by.</summary>
    private int _toSkip;

    /// <summary>Takes the next chance. Returns whether to wait; <see cref="Record"/> has to follow then.</summary>
    internal bool TakeChance()
    {
        if (_toSkip == 0)
        {
            return true;
        }

        _toSkip--;
        return false;
    }

    /// <summary>Says whether the waiting was worth while.</summary>
    internal void Record(bool succeeded)
    {
        _failures = succeeded ? 0 : Math.Min(_failures + 1, MostFailures);
        _toSkip = succeeded ? 0 : 1 << _failures;
    }
}
