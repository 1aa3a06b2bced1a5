namespace Signals.Remote;

/// <content>The connection to the exported signal, which is made and ended outside the lock.</content>
internal abstract partial class ExportState
{
    private bool _isConnected;

    /// <summary>Indicates whether a thread is connecting or disconnecting. It looks again when it has finished.</summary>
    private bool _isUpdating;

    private bool _isLingering;
    private long _lingerSince;
    private ITimer? _lingerTimer;

    /// <summary>Gets a value that indicates whether the source is connected as long as it is exported, because that means nothing to it.</summary>
    private protected abstract bool IsAlwaysConnected { get; }

    /// <summary>Connects to the source. Called while no lock is held.</summary>
    /// <exception cref="ObjectDisposedException">The source was disposed.</exception>
    private protected abstract void Connect();

    /// <summary>Ends the connection to the source. Called while no lock is held.</summary>
    private protected abstract void Disconnect();

    /// <summary>Connects or disconnects the source as needed. Called while the lock is not held.</summary>
    internal void UpdateSource()
    {
        ReadyStreams ready = ReadyStreams.Rent();
        while (TryBeginUpdate(ready, out bool connects))
        {
            Exception? failure = null;
            try
            {
                if (connects)
                {
                    Connect();
                }
                else
                {
                    Disconnect();
                }
            }
            catch (Exception exception)
            {
                failure = exception;
            }

            EndUpdate(connects && failure is null);
            if (failure is not null && connects)
            {
                if (failure is not ObjectDisposedException)
                {
                    Handle.OnFailed(failure);
                }

                Owner.Withdraw(this);
            }
        }

        ready.Announce();
    }

    private bool TryBeginUpdate(ReadyStreams ready, out bool connects)
    {
        lock (Owner.Lock)
        {
            AssertInvariants();
            connects = !IsWithdrawn && (IsAlwaysConnected || _granted.Count + _pending.Count > 0 || _isLingering);
            if (_isUpdating)
            {
                return false;
            }

            if (connects == _isConnected)
            {
                GrantPending(ready);
                return false;
            }

            _isUpdating = true;
            return true;
        }
    }

    private void EndUpdate(bool isConnected)
    {
        lock (Owner.Lock)
        {
            AssertInvariants();
            _isUpdating = false;
            _isConnected = isConnected;
            if (!isConnected)
            {
                // Emissions are not counted any more, so a later number is not comparable.
                _epoch = CreateEpoch();
                ReplaceCurrent(null);
                _lingerTimer?.Dispose();
                _lingerTimer = null;
            }
        }
    }

    /// <summary>Leaves the source connected for a while, so that the number of emissions remains known. Called while the lock is held.</summary>
    private void Linger()
    {
        if (IsAlwaysConnected || IsWithdrawn)
        {
            return;
        }

        _isLingering = true;
        _lingerSince = Owner.Time.GetTimestamp();
        _lingerTimer ??= Owner.Time.CreateTimer(
            static state => ((ExportState)state!).OnLingered(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
        _lingerTimer.Change(LingerTime, Timeout.InfiniteTimeSpan);
    }

    private void OnLingered()
    {
        lock (Owner.Lock)
        {
            AssertInvariants();
            if (_granted.Count + _pending.Count > 0 || Owner.Time.GetElapsedTime(_lingerSince) < LingerTime)
            {
                return;
            }

            _isLingering = false;
        }

        UpdateSource();
    }
}
