using System.Buffers;
using System.Diagnostics;
using Signals.Ipc.Connections;
using Signals.Remote;

namespace Signals.Ipc.Exchange;

/// <summary>
/// Takes batches from an outlet, and sends them while few bytes are unsent, so that batches do not delay calls on the connection.
/// </summary>
/// <remarks>
/// A thread of the pool sends, with one exception: a thread that emits for the first time after a pause sends that emission itself, because waking another
/// thread takes longer. A thread that emits often, or to many connections, leaves the sending to the pool.
/// </remarks>
/// <param name="sender">The sender of the connection.</param>
/// <param name="send">Sends a batch of a stream.</param>
/// <param name="close">Closes the connection, with the reason.</param>
internal sealed class BatchSender(FrameSender sender, BatchSender.Send send, Action<DisconnectReason> close) : IThreadPoolWorkItem
{
    /// <summary>The number of unsent bytes up to which batches are passed to the sender.</summary>
    private const long MaxUnsent = 64 * 1024;

    private const int MaxBatch = 32 * 1024;

    /// <summary>The maximum number of batches that an emitting thread sends.</summary>
    private const int BatchesHere = 2;

    /// <summary>The pause of a thread after which it sends batches itself: 50 microseconds, in ticks of <see cref="Stopwatch"/>.</summary>
    private static readonly long Pause = Stopwatch.Frequency / 20_000;

    /// <summary>The time at which this thread last had batches to send, on any connection.</summary>
    [ThreadStatic]
    private static long _lastHere;

    private readonly ArrayBufferWriter<byte> _batch = new();

    /// <summary>Guards everything below. No other lock is taken inside it.</summary>
    private readonly Lock _lock = new();

    /// <summary>The streams that may have batches, in order, each once.</summary>
    private readonly Queue<uint> _ready = new();
    private readonly HashSet<uint> _isReady = [];

    /// <summary>Indicates whether a thread sends, is about to, or waits for the system to accept bytes.</summary>
    private bool _isSending;

    /// <summary>Indicates whether sending waits for the system to accept bytes.</summary>
    private volatile bool _isBlocked;

    private bool _isClosed;
    private volatile RemoteOutlet? _outlet;
    private int _maxBytes;

    internal delegate void Send(uint stream, ReadOnlySpan<byte> batch);

    /// <summary>Gets the outlet, or null before there is one.</summary>
    internal RemoteOutlet? Outlet => _outlet;

    /// <summary>Begins to serve the importer at the other end, unless the connection has ended. Called once.</summary>
    internal void Open(RemoteExports exports, RemoteSubscriber subscriber, int maxValueBytes, int maxSubscriptions)
    {
        _maxBytes = Math.Min(MaxBatch, Math.Max(1, maxValueBytes / 2));
        RemoteOutlet outlet = exports.Accept(
            subscriber,
            new RemoteOutletOptions { MaxValueBytes = maxValueBytes, MaxSubscriptions = maxSubscriptions },
            Enqueue
        );
        _outlet = outlet;
        bool isClosed;
        lock (_lock)
        {
            AssertInvariants();
            isClosed = _isClosed;
        }

        if (isClosed)
        {
            outlet.Dispose();
        }
    }

    /// <summary>Handles a message of the importer. Called by the receive loop.</summary>
    /// <returns>False if the message was ignored.</returns>
    internal bool Handle(RemoteOperation operation, ReadOnlySpan<byte> message, IpcConnection connection)
    {
        if (_outlet is not { } outlet)
        {
            return false;
        }

        bool isHandled = outlet.Handle(operation, message, out Action? userCode);
        if (userCode is not null)
        {
            // If the user code blocks, another thread handles the next messages.
            using (connection.EnterUserCode())
            {
                userCode();
            }
        }

        return isHandled;
    }

    /// <summary>Called on the sending thread after the system has accepted bytes.</summary>
    internal void OnSent()
    {
        if (_isBlocked && sender.UnsentBytes <= MaxUnsent && TryUnblock())
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>Ends the subscriptions of the importer.</summary>
    internal void Close()
    {
        lock (_lock)
        {
            AssertInvariants();
            _isClosed = true;
        }

        if (_outlet is { } outlet)
        {
            // On the pool: what is disconnected from exported signals may run code of the user.
            ThreadPool.UnsafeQueueUserWorkItem(static outlet => outlet.Dispose(), outlet, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (TryTake(out uint stream))
        {
            if (TrySendBatch(stream) && ThreadPool.PendingWorkItemCount > 0)
            {
                // Other work items of the pool run first; meanwhile, the next batch grows.
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                return;
            }
        }
    }

    /// <summary>Sends on the calling thread, which has made a stream ready.</summary>
    private void SendHere()
    {
        int sent = 0;
        while (TryTake(out uint stream))
        {
            if (TrySendBatch(stream) && ++sent == BatchesHere)
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                return;
            }
        }
    }

    /// <summary>Sends a batch of a stream, if it has one.</summary>
    private bool TrySendBatch(uint stream)
    {
        if (!_outlet!.TryWriteBatch(stream, _batch, _maxBytes))
        {
            return false;
        }

        // The stream may have further batches.
        Enqueue(stream);
        TrySend(stream);
        _batch.ResetWrittenCount();
        return true;
    }

    private void TrySend(uint stream)
    {
        try
        {
            send(stream, _batch.WrittenSpan);
        }
        catch (IpcException exception)
        {
            // A grant that does not fit into a frame. The importer would miss it in silence.
            close(new DisconnectReason(DisconnectCause.ProtocolError, exception.Message));
        }
    }

    /// <summary>Takes note that a stream may have batches, and has them sent.</summary>
    private void Enqueue(uint stream)
    {
        lock (_lock)
        {
            AssertInvariants();
            if (_isClosed)
            {
                return;
            }

            if (_isReady.Add(stream))
            {
                _ready.Enqueue(stream);
            }

            if (_isSending)
            {
                return;
            }

            _isSending = true;
        }

        long now = Stopwatch.GetTimestamp();
        bool isFirst = now - _lastHere >= Pause;
        _lastHere = now;
        if (isFirst)
        {
            SendHere();
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private bool TryTake(out uint stream)
    {
        stream = 0;
        if (sender.UnsentBytes > MaxUnsent)
        {
            _isBlocked = true;

            // The system may have accepted the bytes before it was known that this waits for it.
            Interlocked.MemoryBarrier();
            if (sender.UnsentBytes > MaxUnsent || !TryUnblock())
            {
                return false;
            }
        }

        lock (_lock)
        {
            AssertInvariants();
            if (!_isClosed && _ready.TryDequeue(out stream))
            {
                _isReady.Remove(stream);
                return true;
            }

            _isSending = false;
            return false;
        }
    }

    /// <summary>Ends the wait for the system. Returns false if another thread has done so, and sends.</summary>
    private bool TryUnblock()
    {
        lock (_lock)
        {
            AssertInvariants();
            bool wasBlocked = _isBlocked;
            _isBlocked = false;
            return wasBlocked;
        }
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(_ready.Count == _isReady.Count, "Each stream is queued once.");
        Debug.Assert(_ready.Count == 0 || _isSending || _isClosed, "What is ready is sent.");
    }
}
