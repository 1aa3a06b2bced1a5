using Signals.Ipc.Framing;
using Signals.Ipc.Guards;
using Signals.Ipc.Transport;

namespace Signals.Ipc.Connections;

/// <summary>
/// Detects a peer that has vanished or hangs: pings it when nothing has arrived for an interval, and ends the connection if nothing arrives afterwards.
/// Also shows the peer that this side is alive while it does not read, since it cannot reply to pings then.
/// </summary>
/// <remarks>
/// Silence is counted in steps of the timer and not measured with the clock: after a suspension of the machine, or a jump of the clock, the peer still has
/// whole intervals to reply. Nothing runs, and nothing is sent, unless one of the two sides has an interval.
/// </remarks>
internal sealed class KeepAlive(IpcConnection connection, IpcConnectionSettings settings) : IDisposable
{
    /// <summary>The number of silent intervals after which the connection ends. The ping is sent after the first one.</summary>
    private const int MaxSilentIntervals = 3;

    private IpcTransport? _transport;

    /// <summary>The interval at which this side needs signs of life, or infinite.</summary>
    private TimeSpan _interval = Timeout.InfiniteTimeSpan;

    /// <summary>The length of a step in ticks: the shorter interval of both sides. The maximum if there is none.</summary>
    private long _step = long.MaxValue;

    /// <summary>A value that indicates whether the peer has announced that it needs signs of life.</summary>
    private volatile bool _isExpected;

    private volatile bool _isDisposed;

    /// <summary>The timer of the steps, or null while there is no interval. Created by the receive loop.</summary>
    private ITimer? _timer;

    /// <summary>One while a step is examined. The fields below belong to that step.</summary>
    private int _isStepping;

    /// <summary>The time for which the peer has been silent, in whole steps.</summary>
    private TimeSpan _silence;

    /// <summary>A value that indicates whether a ping has been sent since the last sign of life.</summary>
    private bool _isPinged;

    /// <summary>The number of received bytes at the last step.</summary>
    private long _received;

    /// <summary>The progress of sending at the last step.</summary>
    private long _progress;

    /// <summary>Starts the steps, if this side has an interval. Called by the receive loop before it reads.</summary>
    internal void Start(IpcTransport transport)
    {
        _transport = transport;
        _interval = settings.KeepAlive ?? transport.DefaultKeepAlive;
        if (settings.KeepAlive is not null)
        {
            transport.SetKeepAlive(_interval);
        }

        if (_interval != Timeout.InfiniteTimeSpan)
        {
            Run(_interval);
        }
    }

    /// <summary>Sends the first ping, which announces the interval to the peer. Does nothing if this side has none.</summary>
    /// <param name="ping">Sends the ping.</param>
    internal void Announce(Action<TimeSpan> ping)
    {
        if (_interval != Timeout.InfiniteTimeSpan)
        {
            ping(_interval);
        }
    }

    /// <summary>Handles the interval that the peer has announced, which it may choose freely. Called by the receive loop.</summary>
    /// <param name="milliseconds">The interval; zero if the peer needs no signs of life besides replies.</param>
    internal void OnAnnounced(uint milliseconds)
    {
        if (milliseconds == 0)
        {
            return;
        }

        var interval = TimeSpan.FromMilliseconds(milliseconds);
        _isExpected = true;
        Run(
            interval < Duration.ShortestKeepAlive ? Duration.ShortestKeepAlive
            : interval > Duration.Longest ? Duration.Longest
            : interval
        );
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isDisposed = true;
        Interlocked.MemoryBarrier();
        Volatile.Read(ref _timer)?.Dispose();
    }

    /// <summary>Returns an interval in the unit of the protocol.</summary>
    internal static uint ToMilliseconds(TimeSpan interval) => (uint)Math.Min(interval.TotalMilliseconds, uint.MaxValue);

    /// <summary>Makes the steps as short as an interval, unless they are shorter.</summary>
    private void Run(TimeSpan interval)
    {
        if (interval.Ticks >= _step)
        {
            return;
        }

        Volatile.Write(ref _step, interval.Ticks);
        if (_timer is null)
        {
            Volatile.Write(
                ref _timer,
                settings.TimeProvider.CreateTimer(static state => ((KeepAlive)state!).Step(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan)
            );
        }

        // Pairs with Dispose: either that thread sees the timer, or this one sees the disposal.
        Interlocked.MemoryBarrier();
        if (_isDisposed)
        {
            _timer.Dispose();
        }
        else
        {
            _timer.Change(interval, Timeout.InfiniteTimeSpan);
        }
    }

    private void Step()
    {
        if (Interlocked.Exchange(ref _isStepping, 1) != 0)
        {
            return;
        }

        var step = TimeSpan.FromTicks(Volatile.Read(ref _step));
        Examine(step);
        Volatile.Write(ref _isStepping, 0);

        // Not periodic: if no thread was free for several intervals, the steps must not follow each other without time for the peer's reply.
        if (!connection.IsClosed)
        {
            _timer!.Change(step, Timeout.InfiniteTimeSpan);
        }
    }

    private void Examine(TimeSpan step)
    {
        bool hasReceived = HasChanged(ref _received, connection.ReceivedBytes);
        bool hasUnread = HasUnread();
        bool isUnsent = connection.Sender.UnsentBytes != 0;
        bool hasProgressed = HasChanged(ref _progress, isUnsent ? _transport!.MarkSendProgress() : 0);
        bool isPaused = connection.IsReadingPaused;
        if (_isExpected && !isUnsent && (isPaused || (hasReceived && hasUnread)))
        {
            // A ping of the peer may be among the bytes that are not read yet.
            connection.Sender.Send(new EmptyFrame(), SendTiming.Now);
        }

        if (hasReceived || hasUnread || isPaused || (isUnsent && hasProgressed))
        {
            _silence = TimeSpan.Zero;
            _isPinged = false;
        }
        else if (_interval != Timeout.InfiniteTimeSpan)
        {
            OnSilent(step);
        }
    }

    private void OnSilent(TimeSpan step)
    {
        _silence += step;
        if (_isPinged && _silence >= MaxSilentIntervals * _interval)
        {
            connection.Close(
                new DisconnectReason(
                    DisconnectCause.KeepAliveTimeout,
                    $"The peer sent nothing for {_silence}, not even a reply to a ping: it does not respond, or its machine cannot be reached."
                )
            );
        }
        else if (!_isPinged && _silence >= _interval)
        {
            _isPinged = connection.TryPing(_interval);
            _silence = _isPinged ? _silence : TimeSpan.Zero;
        }
    }

    private bool HasUnread()
    {
        try
        {
            return _transport!.Available != 0;
        }
        catch (Exception exception) when (_transport!.Explain(exception) is not null)
        {
            // The connection is ending.
            return false;
        }
    }

    private static bool HasChanged(ref long last, long now)
    {
        bool hasChanged = last != now;
        last = now;
        return hasChanged;
    }
}
