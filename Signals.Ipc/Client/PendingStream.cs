using System.Diagnostics;
using System.Threading.Tasks.Sources;
using Google.Protobuf;
using Signals.Ipc.Connections;
using Signals.Ipc.Framing;
using Signals.Ipc.Services;
using Signals.Ipc.Threading;

namespace Signals.Ipc.Client;

/// <summary>
/// A call with a stream of replies, and the enumerator of its single reader. A reply that the reader awaits resumes the reader on the receiving
/// thread. Other replies are buffered, up to a limit.
/// </summary>
/// <remarks>
/// Replies are buffered encoded and decoded when they are read, so they take the memory that is counted, however large the messages become. The
/// lock of a stream is taken before the lock with which its connection counts full streams.
/// </remarks>
internal sealed class PendingStream<TReply> : IAsyncEnumerator<TReply>, IValueTaskSource<bool>, IPendingCall
    where TReply : class, IMessage<TReply>
{
    private readonly long _maxBufferedBytes;
    private readonly bool _failsWhenFull;

    /// <summary>Guards everything below, unless a field says otherwise.</summary>
    private readonly Lock _lock = new();

    /// <summary>The replies that have not been read.</summary>
    private StreamBuffer _buffer = new();

    /// <summary>A value that indicates whether the buffered replies have been dropped.</summary>
    private volatile bool _isDropped;

    /// <summary>A value that indicates whether the connection is paused because this stream is full. False once the stream has ended.</summary>
    private volatile bool _isFull;

    /// <summary>The source of the task that the reader awaits. Completed outside the lock, since that resumes the reader.</summary>
    private ManualResetValueTaskSourceCore<bool> _waiter;

    private bool _isWaiting;
    private bool _hasEnded;
    private Exception? _failure;

    private UnsentRequest _request;

    private CancellationTokenRegistration _cancellation;
    private CancellationTokenRegistration _enumerationCancellation;

    internal PendingStream(ServiceBinding binding, ServiceMethod method, UnsentRequest request, CallDetails? details = null)
    {
        Details = details;
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
    public CallDetails? Details { get; }

    /// <inheritdoc/>
    public ServiceMethod Method { get; }

    /// <inheritdoc/>
    public bool IsStream => true;

    /// <inheritdoc/>
    public bool IsQueued { get; set; }

    /// <inheritdoc/>
    public bool IsHeldBack { get; set; }

    /// <inheritdoc/>
    public bool IsLimited => true;

    /// <inheritdoc/>
    public int CreatedAt { get; } = Environment.TickCount;

    /// <inheritdoc/>
    public bool HasReplies { get; private set; }

    /// <summary>Ends the stream when the token of the call or that of the enumeration is canceled.</summary>
    internal void CancelWith(CancellationToken ofCall, CancellationToken ofEnumeration)
    {
        _cancellation = Register(ofCall);
        _enumerationCancellation = Register(ofEnumeration);
        bool hasEnded;
        lock (_lock)
        {
            AssertInvariants();
            hasEnded = _hasEnded;
        }

        if (hasEnded)
        {
            // The stream ended before the tokens were registered.
            _cancellation.Unregister();
            _enumerationCancellation.Unregister();
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> MoveNextAsync()
    {
        if (!_isDropped && _buffer.TryRead(out byte[]? next))
        {
            ResumeIfRead();
            return Decode(next);
        }

        lock (_lock)
        {
            AssertInvariants();
            if (_isWaiting)
            {
                throw new InvalidOperationException(
                    $"A reader already awaits the next reply of {Method.FullName}. A stream supports only one reader at a time."
                );
            }

            _buffer.TakeAll();
            if (!_buffer.HasTaken)
            {
                if (_hasEnded)
                {
                    return _failure is { } failure ? ValueTask.FromException<bool>(failure) : ValueTask.FromResult(false);
                }

                _waiter.Reset();
                _isWaiting = true;
                return new ValueTask<bool>(this, _waiter.Version);
            }
        }

        _buffer.TryRead(out next);
        ResumeIfRead();
        return Decode(next!);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Binding.Calls.Abandon(this);
        End(null, dropBuffered: true);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public bool TryKeep()
    {
        if (!_request.IsWanted || !Binding.Calls.TryAddWaiting(this))
        {
            return false;
        }

        _request.Keep(Binding.Calls.KeptRequests);
        return true;
    }

    /// <inheritdoc/>
    public bool TryWrite(FrameWriter writer)
    {
        Mark = _request.IsWanted ? Binding.Calls.Write(this, _request, writer) : 0;
        _request.Drop(Binding);
        return Mark != 0;
    }

    /// <inheritdoc/>
    public void Withdraw() => _request.Drop(Binding);

    /// <inheritdoc/>
    public void OnAccepted() { }

    /// <inheritdoc/>
    public void OnFailed(Exception exception)
    {
        Binding.Calls.Abandon(this);
        Fail(exception);
    }

    /// <inheritdoc/>
    public void OnReply(in InvokeMethodReplyBody reply)
    {
        HasReplies = true;
        bool isBareEnd = reply is { Success: true, HasMore: false, HasReply: false };
        if (isBareEnd)
        {
            End(null, dropBuffered: false);
        }
        else
        {
            if (!reply.Success || !TryKeep(reply))
            {
                Deliver(reply);
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

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(_buffer.IsConsistent, "The bytes are those of the buffered replies.");
        Debug.Assert(!_isWaiting || (_buffer.IsTaken && !_hasEnded), "A reader waits only while there is nothing to read.");
        Debug.Assert(!_hasEnded || !_isFull, "A stream that has ended pauses nothing.");
        Debug.Assert(_failure is null || _hasEnded, "Only the end of a stream is a failure.");
    }

    private CancellationTokenRegistration Register(CancellationToken cancellationToken) =>
        cancellationToken.UnsafeRegister(static (state, token) => ((PendingStream<TReply>)state!).Cancel(token), this);

    /// <summary>Buffers a reply for the reader. Returns false if the reader is waiting for it.</summary>
    private bool TryKeep(in InvokeMethodReplyBody reply)
    {
        // Checked without the lock first: while this thread has a reply for the reader, only the end of the stream ends its wait.
        if (Volatile.Read(ref _isWaiting))
        {
            return false;
        }

        lock (_lock)
        {
            AssertInvariants();
            if (_isWaiting)
            {
                return false;
            }

            if (_hasEnded)
            {
                return true;
            }

            if (!_failsWhenFull || _buffer.UnreadBytes + StreamBuffer.SizeOf(reply.Reply) <= _maxBufferedBytes)
            {
                _buffer.Add(reply.Reply);
                if (reply.HasMore && _buffer.UnreadBytes >= _maxBufferedBytes)
                {
                    Pause();
                }

                return true;
            }
        }

        OnFailed(new IpcException($"The reader of {Method.FullName} is too slow: more than {_maxBufferedBytes} bytes of replies are unread."));
        return true;
    }

    /// <summary>Resumes receiving if the reader has read enough.</summary>
    private void ResumeIfRead()
    {
        // Not as soon as there is room for one reply, since pausing and resuming take more time than a reply.
        if (_isFull && _buffer.TakenBytes <= _maxBufferedBytes / 2)
        {
            lock (_lock)
            {
                AssertInvariants();
                if (_buffer.UnreadBytes <= _maxBufferedBytes / 2)
                {
                    Resume();
                }
            }
        }
    }

    /// <summary>Passes a reply, or the failure that it stands for, to the waiting reader.</summary>
    private void Deliver(in InvokeMethodReplyBody reply)
    {
        if (!ReplyReader.TryRead(Method, reply, out TReply? message, out IpcCallException? failure))
        {
            OnFailed(ReplyReader.AsTimeout(failure, this) ?? failure);
            return;
        }

        lock (_lock)
        {
            AssertInvariants();
            if (!_isWaiting)
            {
                // The stream has ended in the meantime.
                return;
            }

            Current = message;
            _isWaiting = false;
        }

        Wake(null, hasReply: true);
    }

    /// <summary>Returns a buffered reply, or the failure that it stands for, to the reader.</summary>
    private ValueTask<bool> Decode(byte[] reply)
    {
        if (ReplyReader.TryParse(Method, reply, out TReply? message, out IpcCallException? failure))
        {
            Current = message;
            return ValueTask.FromResult(true);
        }

        Binding.Calls.Abandon(this);
        End(failure, dropBuffered: true);
        return ValueTask.FromException<bool>(failure);
    }

    /// <summary>Pauses receiving on the connection. Called inside the lock.</summary>
    private void Pause()
    {
        if (!_failsWhenFull && !_isFull)
        {
            _isFull = true;
            Binding.Connection.FullStreams.Add();
        }
    }

    /// <summary>Resumes receiving on the connection, unless another stream is full. Called inside the lock.</summary>
    private void Resume()
    {
        if (_isFull)
        {
            _isFull = false;
            Binding.Connection.FullStreams.Remove();
        }
    }

    /// <summary>Resumes the waiting reader. Its continuation may run inside this method and throw.</summary>
    private void Wake(Exception? failure, bool hasReply)
    {
        try
        {
            using UserCodeSection continuation = Binding.Connection.EnterUserCode();
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
        Binding.Calls.Abandon(this);
        End(new OperationCanceledException(cancellationToken), dropBuffered: true);
    }

    private void End(Exception? failure, bool dropBuffered)
    {
        bool wasWaiting;
        lock (_lock)
        {
            AssertInvariants();
            if (dropBuffered)
            {
                _isDropped = true;
                _buffer.Clear();
            }

            if (_hasEnded)
            {
                if (dropBuffered)
                {
                    // Replies have been dropped, so the reader must not take this for the regular end of the stream.
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
        Details?.OnEnded(failure, isLeft: failure is null && dropBuffered);
        if (wasWaiting)
        {
            if (failure is null && !dropBuffered)
            {
                Wake(null, hasReply: false);
                return;
            }

            // The reader of a stream that ends early resumes on the thread pool: it may block, which must not delay the failure of other calls.
            ThreadPool.UnsafeQueueUserWorkItem(
                static ended => ended.Stream.Wake(ended.Failure, hasReply: false),
                (Stream: this, Failure: failure),
                preferLocal: false
            );
        }
    }
}
