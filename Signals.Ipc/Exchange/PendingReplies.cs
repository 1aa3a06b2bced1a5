using System.Diagnostics;
using Signals.Remote;

namespace Signals.Ipc.Exchange;

/// <summary>The requests to a peer that wait for its replies, by their numbers. All members are thread-safe.</summary>
/// <param name="lost">The reason with which they fail when the connection ends.</param>
internal sealed class PendingReplies(string lost)
{
    /// <summary>Guards everything below. No other lock is taken inside it.</summary>
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, TaskCompletionSource<ReadOnlyMemory<byte>>> _pending = [];
    private bool _isClosed;

    /// <summary>Sends a request and waits for the reply to it.</summary>
    /// <param name="send">
    /// Sends the request. Its argument takes the number of the request, before the reply can arrive; the number is not used again.
    /// </param>
    /// <param name="cancellationToken">The token that cancels the wait.</param>
    /// <exception cref="RemoteRefusedException">The connection has ended, or the peer has failed the request.</exception>
    internal async Task<ReadOnlyMemory<byte>> CallAsync(Action<Action<ulong>> send, CancellationToken cancellationToken)
    {
        var reply = new TaskCompletionSource<ReadOnlyMemory<byte>>(TaskCreationOptions.RunContinuationsAsynchronously);
        ulong number = 0;
        try
        {
            send(id =>
            {
                number = id;
                Add(id, reply);
            });

            // A connection that has ended may never write the request.
            if (IsClosed)
            {
                reply.TrySetException(new RemoteRefusedException(lost));
            }

            return await reply.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            TryTake(number, out _);
        }
    }

    /// <summary>Ends the wait of a request, if it waits, with its reply, or with a failure if that is null.</summary>
    /// <param name="number">The number of the request.</param>
    /// <param name="reply">The reply, or null.</param>
    /// <param name="failure">The failure, where there is no reply.</param>
    internal bool TryComplete(ulong number, ReadOnlySpan<byte> reply, string? failure)
    {
        if (!TryTake(number, out TaskCompletionSource<ReadOnlyMemory<byte>>? pending))
        {
            return false;
        }

        if (failure is null)
        {
            pending.TrySetResult(reply.ToArray());
        }
        else
        {
            pending.TrySetException(new RemoteRefusedException(failure));
        }

        return true;
    }

    /// <summary>Fails all requests, also later ones.</summary>
    internal void Close()
    {
        TaskCompletionSource<ReadOnlyMemory<byte>>[] pending;
        lock (_lock)
        {
            AssertInvariants();
            _isClosed = true;
            pending = [.. _pending.Values];
            _pending.Clear();
        }

        Array.ForEach(pending, reply => reply.TrySetException(new RemoteRefusedException(lost)));
    }

    private bool IsClosed
    {
        get
        {
            lock (_lock)
            {
                AssertInvariants();
                return _isClosed;
            }
        }
    }

    private void Add(ulong number, TaskCompletionSource<ReadOnlyMemory<byte>> reply)
    {
        bool isClosed;
        lock (_lock)
        {
            AssertInvariants();
            isClosed = _isClosed;
            if (!isClosed)
            {
                _pending[number] = reply;
            }
        }

        if (isClosed)
        {
            reply.TrySetException(new RemoteRefusedException(lost));
        }
    }

    private bool TryTake(ulong number, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out TaskCompletionSource<ReadOnlyMemory<byte>>? reply)
    {
        lock (_lock)
        {
            AssertInvariants();
            return _pending.Remove(number, out reply);
        }
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(!_isClosed || _pending.Count == 0, "No request waits for a peer that has gone.");
    }
}
