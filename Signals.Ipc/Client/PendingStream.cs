using System.Threading.Tasks.Sources;
using Google.Protobuf;
using Signals.Ipc.Framing;
using Signals.Ipc.Services;
using Signals.Ipc.Sockets;

namespace Signals.Ipc.Client;

/// <summary>
/// A call with a stream of answers, as its one reader sees it. An answer that is waited for resumes the reader on the reading thread;
/// others are kept, up to a limit.
/// </summary>
/// <remarks>
/// Replies are kept encoded and decoded when they are read, so they take the memory that is counted, however large the messages become. The
/// lock of a stream is taken before the lock with which its connection counts full streams.
/// </remarks>
internal sealed class PendingStream<TReply> : IAsyncEnumerator<TReply>, IValueTaskSource<bool>, IPendingCall
    where TReply : class, IMessage<TReply>
{
    /// <summary>The bytes counted for a kept reply in addition to its own: the overhead of its array and its place in the queue.</summary>
    private const int ReplyOverhead = 32;

    private readonly long _maxBufferedBytes;
    private readonly bool _failsWhenFull;

    /// <summary>Guards what follows.</summary>
    private readonly Lock _lock = new();

    /// <summary>Encoded replies that the reader has not asked for yet, behind those of <see cref="_taken"/>.</summary>
    private Queue<byte[]> _buffered = new();

    /// <summary>The bytes that the buffered replies count.</summary>
    private long _bufferedBytes;

    /// <summary>
    /// The replies that the reader has taken over all at once, so that it does not contend with the receive loop for each. Used by the reader alone.
    /// </summary>
    private Queue<byte[]> _taken = new();

    /// <summary>The bytes that the taken replies count. Written by the reader alone.</summary>
    private long _takenBytes;

    /// <summary>Indicates whether the kept replies are no longer to be read.</summary>
    private volatile bool _isDropped;

    /// <summary>Indicates whether reading of the connection is paused for this stream. False once the stream has ended.</summary>
    private volatile bool _isFull;

    /// <summary>What the waiting reader waits on. Set outside the lock, since that resumes the reader.</summary>
    private ManualResetValueTaskSourceCore<bool> _waiter;

    private bool _isWaiting;
    private bool _hasEnded;
    private Exception? _failure;

    private UnsentRequest _request;

    private CancellationTokenRegistration _cancellation;
    private CancellationTokenRegistration _enumerationCancellation;

    internal PendingStream(ServiceBinding binding, ServiceMethod method, UnsentRequest request)
    {
        Binding = binding;
        Method = method;
        _request = request;
        _maxBufferedBytes = binding.Connection.Options.MaxBufferedStreamBytes;
        _failsWhenFull = binding.Connection.Options.StreamOverflow == StreamOverflow.Fail;
    }

    /// <inheritdoc/>
    public TReply Current { get; private set; } = null!;

    /// <inheritdoc/>
    public ulong RequestId { get; set; }

    /// <inheritdoc/>
    public ServiceBinding Binding { get; }

    /// <inheritdoc/>
    public long Mark { get; private set; }

    /// <inheritdoc/>
    public long StartedAt { get; set; }

    /// <inheritdoc/>
    public ServiceMethod Method { get; }

    /// <inheritdoc/>
    public bool IsStream => true;

    /// <inheritdoc/>
    public bool IsQueued { get; set; }

    /// <summary>Lets the stream end when a token is cancelled: the one that the call was given, or that of the enumeration.</summary>
    internal void CancelWith(CancellationToken ofCall, CancellationToken ofEnumeration)
    {
        _cancellation = Register(ofCall);
        _enumerationCancellation = Register(ofEnumeration);
        bool hasEnded;
        lock (_lock)
        {
            hasEnded = _hasEnded;
        }

        if (hasEnded)
        {
            // The end has not seen what was registered after it.
            _cancellation.Unregister();
            _enumerationCancellation.Unregister();
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> MoveNextAsync()
    {
        if (!_isDropped && _taken.TryDequeue(out byte[]? next))
        {
            OnTaken(next);
            return Decode(next);
        }

        lock (_lock)
        {
            if (_isWaiting)
            {
                throw new InvalidOperationException($"The answers to {Method.FullName} are being waited for already: a stream has one reader.");
            }

            _taken.Clear();
            if (_buffered.Count != 0)
            {
                (_buffered, _taken) = (_taken, _buffered);
                Volatile.Write(ref _takenBytes, _bufferedBytes);
                _bufferedBytes = 0;
                next = _taken.Dequeue();
            }
            else if (_hasEnded)
            {
                return _failure is { } failure ? ValueTask.FromException<bool>(failure) : ValueTask.FromResult(false);
            }
            else
            {
                _waiter.Reset();
                _isWaiting = true;
                return new ValueTask<bool>(this, _waiter.Version);
            }
        }

        OnTaken(next);
        return Decode(next);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Binding.Connection.Abandon(this);
        End(null, dropBuffered: true);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public bool TryKeep()
    {
        if (!_request.IsWanted || !Binding.Connection.TryAddWaiting(this))
        {
            return false;
        }

        _request.Keep();
        return true;
    }

    /// <inheritdoc/>
    public bool TryWrite(FrameSender.Writer writer)
    {
        Mark = _request.IsWanted ? Binding.Connection.Write(this, _request, writer) : 0;
        _request.Drop();
        return Mark != 0;
    }

    /// <inheritdoc/>
    public void Withdraw() => _request.Drop();

    /// <inheritdoc/>
    public void OnAccepted() { }

    /// <inheritdoc/>
    public void OnFailed(Exception exception)
    {
        Binding.Connection.Abandon(this);
        Fail(exception);
    }

    /// <inheritdoc/>
    public void OnReply(in InvokeMethodReplyBody reply)
    {
        bool isBareEnd = reply is { Success: true, HasMore: false, HasReply: false };
        if (isBareEnd)
        {
            End(null, dropBuffered: false);
        }
        else
        {
            if (!reply.Success || !TryKeep(reply))
            {
                HandOver(reply);
            }

            if (!reply.HasMore)
            {
                End(null, dropBuffered: false);
            }
        }
    }

    /// <inheritdoc/>
    public void Fail(Exception exception) => End(exception, dropBuffered: false);

    bool IValueTaskSource<bool>.GetResult(short token) => _waiter.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _waiter.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _waiter.OnCompleted(continuation, state, token, flags);

    private CancellationTokenRegistration Register(CancellationToken cancellationToken) =>
        cancellationToken.UnsafeRegister(static (state, token) => ((PendingStream<TReply>)state!).Cancel(token), this);

    /// <summary>Keeps a reply for the reader. Returns false if the reader waits for it.</summary>
    private bool TryKeep(in InvokeMethodReplyBody reply)
    {
        // Without the lock first: while this thread has a reply for it, only the end of the stream ends the reader's waiting.
        if (Volatile.Read(ref _isWaiting))
        {
            return false;
        }

        lock (_lock)
        {
            if (_isWaiting)
            {
                return false;
            }

            int size = ReplyOverhead + reply.Reply.Length;
            if (_hasEnded)
            {
                return true;
            }

            if (!_failsWhenFull || KeptBytes + size <= _maxBufferedBytes)
            {
                _buffered.Enqueue(reply.Reply.ToArray());
                _bufferedBytes += size;
                if (reply.HasMore && KeptBytes >= _maxBufferedBytes)
                {
                    Pause();
                }

                return true;
            }
        }

        OnFailed(new IpcException($"More than {_maxBufferedBytes} bytes of answers to {Method.FullName} were not read: the stream's reader is too slow."));
        return true;
    }

    /// <summary>Gets the bytes that all kept replies count. Read inside the lock.</summary>
    private long KeptBytes => _bufferedBytes + Volatile.Read(ref _takenBytes);

    /// <summary>Counts a reply that the reader reads from those that it has taken.</summary>
    private void OnTaken(byte[] reply)
    {
        Volatile.Write(ref _takenBytes, _takenBytes - ReplyOverhead - reply.Length);

        // Not as soon as anything fits again, since pausing and resuming cost more than a reply.
        if (_isFull && _takenBytes <= _maxBufferedBytes / 2)
        {
            lock (_lock)
            {
                if (KeptBytes <= _maxBufferedBytes / 2)
                {
                    Resume();
                }
            }
        }
    }

    /// <summary>Gives the waiting reader a reply, or the failure that it stands for.</summary>
    private void HandOver(in InvokeMethodReplyBody reply)
    {
        if (!ReplyReader.TryRead(Method, reply, out TReply? message, out IpcCallException? failure))
        {
            OnFailed(failure);
            return;
        }

        lock (_lock)
        {
            if (!_isWaiting)
            {
                // The stream has ended meanwhile.
                return;
            }

            Current = message;
            _isWaiting = false;
        }

        Wake(null, hasReply: true);
    }

    /// <summary>Gives the reader a reply that was kept, or the failure that it stands for.</summary>
    private ValueTask<bool> Decode(byte[] reply)
    {
        if (ReplyReader.TryParse(Method, reply, out TReply? message, out IpcCallException? failure))
        {
            Current = message;
            return ValueTask.FromResult(true);
        }

        Binding.Connection.Abandon(this);
        End(failure, dropBuffered: true);
        return ValueTask.FromException<bool>(failure);
    }

    /// <summary>Pauses the reading of the connection. Called inside the lock.</summary>
    private void Pause()
    {
        if (!_failsWhenFull && !_isFull)
        {
            _isFull = true;
            Binding.Connection.AddFullStream();
        }
    }

    /// <summary>Lets the reading of the connection resume, as far as this stream is concerned. Called inside the lock.</summary>
    private void Resume()
    {
        if (_isFull)
        {
            _isFull = false;
            Binding.Connection.RemoveFullStream();
        }
    }

    /// <summary>Resumes the waiting reader, whose continuation may run right here and throw.</summary>
    private void Wake(Exception? failure, bool hasReply)
    {
        try
        {
            if (failure is null)
            {
                _waiter.SetResult(hasReply);
            }
            else
            {
                _waiter.SetException(failure);
            }
        }
        catch (Exception exception)
        {
            IpcLog.ContinuationThrew(Binding.Connection.Options.Log, exception);
        }
    }

    private void Cancel(CancellationToken cancellationToken)
    {
        Binding.Connection.Abandon(this);
        End(new OperationCanceledException(cancellationToken), dropBuffered: true);
    }

    private void End(Exception? failure, bool dropBuffered)
    {
        bool wasWaiting;
        lock (_lock)
        {
            if (dropBuffered)
            {
                _isDropped = true;
                _buffered.Clear();
                _bufferedBytes = 0;
            }

            if (_hasEnded)
            {
                if (dropBuffered)
                {
                    // What has just been dropped is missing: the reader must not take that for the end.
                    _failure ??= failure;
                }

                return;
            }

            Resume();
            _hasEnded = true;
            _failure = failure;
            wasWaiting = _isWaiting;
            _isWaiting = false;
        }

        _cancellation.Unregister();
        _enumerationCancellation.Unregister();
        if (wasWaiting)
        {
            if (failure is null && !dropBuffered)
            {
                Wake(null, hasReply: false);
                return;
            }

            // A reader whose stream ends before its time runs on the thread pool: it may block, which must not keep other calls from failing.
            ThreadPool.UnsafeQueueUserWorkItem(
                static ended => ended.Stream.Wake(ended.Failure, hasReply: false),
                (Stream: this, Failure: failure),
                preferLocal: false
            );
        }
    }
}
