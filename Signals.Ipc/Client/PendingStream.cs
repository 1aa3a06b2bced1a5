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
internal sealed class PendingStream<TReply> : IAsyncEnumerator<TReply>, IValueTaskSource<bool>, IPendingCall
    where TReply : class, IMessage<TReply>
{
    /// <summary>What an answer counts beside its bytes, about what its object takes: also answers without any must come to an end.</summary>
    private const int AnswerOverhead = 32;

    private readonly uint _methodId;
    private readonly long _maxBufferedBytes;

    /// <summary>Guards what follows.</summary>
    private readonly Lock _lock = new();

    /// <summary>Answers that nobody has asked for yet, with their sizes.</summary>
    private readonly Queue<(TReply Reply, int Size)> _buffered = new();

    private long _bufferedBytes;

    /// <summary>What the waiting reader waits on. Set outside the lock, since that resumes the reader.</summary>
    private ManualResetValueTaskSourceCore<bool> _waiter;

    private bool _isWaiting;
    private bool _hasEnded;
    private Exception? _failure;

    /// <summary>The message to be sent, until it has been written.</summary>
    private IMessage? _request;

    private CancellationTokenRegistration _cancellation;
    private CancellationTokenRegistration _enumerationCancellation;

    internal PendingStream(ServiceBinding binding, ServiceMethod method, uint methodId, IMessage request, long maxBufferedBytes)
    {
        Binding = binding;
        Method = method;
        _methodId = methodId;
        _request = request;
        _maxBufferedBytes = maxBufferedBytes;
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
    public bool IsAbandoned { get; set; }

    /// <inheritdoc/>
    public LinkedListNode<IQueuedFrame>? Place { get; set; }

    /// <summary>Lets the stream end when a token is cancelled: the one that the call was given, or that of the enumeration.</summary>
    internal void CancelWith(CancellationToken ofCall, CancellationToken ofEnumeration)
    {
        _cancellation = Register(ofCall);
        _enumerationCancellation = Register(ofEnumeration);
    }

    /// <inheritdoc/>
    public ValueTask<bool> MoveNextAsync()
    {
        lock (_lock)
        {
            if (_isWaiting)
            {
                throw new InvalidOperationException($"The answers to {Method.FullName} are being waited for already: a stream has one reader.");
            }

            if (_buffered.TryDequeue(out (TReply Reply, int Size) next))
            {
                Current = next.Reply;
                _bufferedBytes -= next.Size;
                return ValueTask.FromResult(true);
            }

            if (_hasEnded)
            {
                return _failure is { } failure ? ValueTask.FromException<bool>(failure) : ValueTask.FromResult(false);
            }

            _waiter.Reset();
            _isWaiting = true;
            return new ValueTask<bool>(this, _waiter.Version);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Binding.Connection.Abandon(this);
        End(null, dropBuffered: true);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public bool TryWrite(FrameSender.Writer writer)
    {
        if (_request is not { } message)
        {
            return false;
        }

        Mark = writer.Write(new InvokeMethodFrame(RequestId, Binding.ServiceId, _methodId, message, dropReply: false));
        _request = null;
        return true;
    }

    /// <inheritdoc/>
    public void Withdraw() => _request = null;

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
        else if (!ReplyReader.TryRead(Method, reply, out TReply? message, out IpcCallException? failure))
        {
            OnFailed(failure);
        }
        else if (!TryAdd(message, AnswerOverhead + reply.Reply.Length))
        {
            OnFailed(new IpcException($"More than {_maxBufferedBytes} bytes of answers to {Method.FullName} were not read: the stream's reader is too slow."));
        }
        else if (!reply.HasMore)
        {
            End(null, dropBuffered: false);
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

    /// <summary>Hands an answer to the reader. Returns false if it is one too many.</summary>
    private bool TryAdd(TReply message, int size)
    {
        lock (_lock)
        {
            if (_hasEnded)
            {
                return true;
            }

            if (!_isWaiting)
            {
                if (_bufferedBytes + size > _maxBufferedBytes)
                {
                    return false;
                }

                _buffered.Enqueue((message, size));
                _bufferedBytes += size;
                return true;
            }

            Current = message;
            _isWaiting = false;
        }

        _waiter.SetResult(true);
        return true;
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
                _buffered.Clear();
                _bufferedBytes = 0;
            }

            if (_hasEnded)
            {
                return;
            }

            _hasEnded = true;
            _failure = failure;
            wasWaiting = _isWaiting;
            _isWaiting = false;
        }

        _cancellation.Unregister();
        _enumerationCancellation.Unregister();
        if (!wasWaiting)
        {
            return;
        }

        // A reader whose stream ends before its time runs on the thread pool: it may block, which must not keep other calls from failing.
        _waiter.RunContinuationsAsynchronously = failure is not null || dropBuffered;
        if (failure is null)
        {
            _waiter.SetResult(false);
        }
        else
        {
            _waiter.SetException(failure);
        }
    }
}
