using System.Diagnostics;
using Signals.Ipc.Transport;

namespace Signals.Ipc.Connections;

/// <summary>Watches a send that has to wait for the peer, and reports a peer that accepts no data for too long (the write timeout).</summary>
/// <param name="settings">The write timeout and the time provider.</param>
/// <param name="onTimeout">Called on a thread of the time provider, outside the lock, when the write timeout is over.</param>
internal sealed class WriteWatch(IpcConnectionSettings settings, Action<DisconnectReason> onTimeout)
{
    /// <summary>
    /// The number of steps of the write timeout. Progress is checked in each step, so a peer is disconnected at most one step late.
    /// </summary>
    private const int Steps = 4;

    private static readonly TimeSpan ShortestStep = TimeSpan.FromMilliseconds(1);

    /// <summary>Guards everything below, except the timer.</summary>
    private readonly Lock _lock = new();

    /// <summary>The transport of the send.</summary>
    private IpcTransport? _transport;

    /// <summary>Indicates whether a send waits for the peer.</summary>
    private bool _isWaiting;

    private bool _isStopped;

    /// <summary>The number of steps since the last progress.</summary>
    private int _idleSteps;

    /// <summary>The peer's progress, as the system last reported it.</summary>
    private long _progress;

    /// <summary>The timer that runs while a send waits for the peer. Created by the sending thread, and disposed by it if it is created too late.</summary>
    private ITimer? _timer;

    /// <summary>
    /// Gets a value that indicates whether the last send that had to wait did so for longer than a step of the write timeout. Read by the sending thread.
    /// </summary>
    internal bool IsSlow { get; private set; }

    /// <summary>Begins to watch. Called by the sending thread.</summary>
    internal void Begin(IpcTransport transport)
    {
        if (settings.WriteTimeout == Timeout.InfiniteTimeSpan)
        {
            return;
        }

        long progress = transport.MarkSendProgress();
        lock (_lock)
        {
            AssertInvariants();
            _transport = transport;
            _isWaiting = true;
            IsSlow = false;
            _idleSteps = 0;
            _progress = progress;
        }

        // Outside the lock, like every call of the time provider, which is user code.
        _timer ??= settings.TimeProvider.CreateTimer(
            static state => ((WriteWatch)state!).OnStep(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
        BeginStep();
        bool isStopped;
        lock (_lock)
        {
            AssertInvariants();
            isStopped = _isStopped;
        }

        if (isStopped)
        {
            _timer.Dispose();
        }
    }

    /// <summary>Ends watching, because the peer has accepted data. Called by the sending thread.</summary>
    internal void End()
    {
        lock (_lock)
        {
            AssertInvariants();
            _isWaiting = false;
        }

        _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ends watching for good.</summary>
    internal void Stop()
    {
        lock (_lock)
        {
            AssertInvariants();
            _isStopped = true;
        }

        // A timer that is being created is disposed by the thread that creates it.
        Volatile.Read(ref _timer)?.Dispose();
    }

    private void BeginStep()
    {
        TimeSpan step = settings.WriteTimeout / Steps;

        // Timers accept no shorter time.
        _timer!.Change(step < ShortestStep ? ShortestStep : step, Timeout.InfiniteTimeSpan);
    }

    private void OnStep()
    {
        IpcTransport transport = _transport!;
        long progress = transport.MarkSendProgress();

        // A process that is short of threads must not disconnect peers that read.
        bool isPeerIdle = !transport.HasSendRoom;
        bool isOver;
        lock (_lock)
        {
            AssertInvariants();
            if (_isStopped || !_isWaiting)
            {
                return;
            }

            IsSlow = true;
            _idleSteps = isPeerIdle && progress == _progress ? _idleSteps + 1 : 0;
            _progress = progress;
            isOver = _idleSteps == Steps;
        }

        if (isOver)
        {
            onTimeout(new DisconnectReason(DisconnectCause.WriteTimeout, $"The peer accepted no data for {settings.WriteTimeout}."));
        }
        else
        {
            BeginStep();
        }
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(_idleSteps is >= 0 and <= Steps, "A peer has no more steps than the timeout.");
        Debug.Assert(!_isWaiting || _transport is not null, "A send that waits has a transport.");
    }
}
