namespace Signals.Remote;

/// <summary>Streams that became ready inside the lock of the exports, and are announced to their exchange after it is released.</summary>
internal sealed class ReadyStreams
{
    [ThreadStatic]
    private static ReadyStreams? _unused;

    private readonly List<OutStream> _streams = [];

    /// <summary>Returns an empty list. An announcement may emit again, so each user has one of its own.</summary>
    internal static ReadyStreams Rent()
    {
        ReadyStreams ready = _unused ?? new ReadyStreams();
        _unused = null;
        return ready;
    }

    /// <summary>Adds a stream if its exchange does not know yet that it is ready. Called while the lock is held.</summary>
    internal void Add(OutStream stream)
    {
        if (stream.BecomesReady())
        {
            _streams.Add(stream);
        }
    }

    /// <summary>Announces the streams and ends the use of the list. Called while the lock is not held.</summary>
    internal void Announce()
    {
        foreach (OutStream stream in _streams)
        {
            stream.Outlet.Announce(stream);
        }

        _streams.Clear();
        _unused = this;
    }
}
