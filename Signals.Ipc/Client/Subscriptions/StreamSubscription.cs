using System.Diagnostics;
using Signals.Ipc.Services;
using Signals.Ipc.Threading;

namespace Signals.Ipc.Client;

/// <summary>
/// Calls an rpc with a stream of replies for as long as something observes them: again over each binding and, if the host ends or fails the call, after a
/// delay.
/// </summary>
/// <remarks>
/// A call is made by the thread that begins to observe, so that the request is sent before other calls of that thread; and, after a reconnection, before the
/// proxy raises <see cref="ServiceProxy.Connected"/>.
/// </remarks>
/// <typeparam name="TReply">The type of the replies.</typeparam>
internal abstract class StreamSubscription<TReply>(ServiceProxy proxy, ServiceMethod method, Func<CancellationToken, IAsyncEnumerable<TReply>> call)
    : ISubscription
    where TReply : class
{
    /// <summary>The delay before a call is made again over the same binding. It doubles until there is a reply.</summary>
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();

    /// <summary>Ends the active run; null while nothing observes the replies. Guarded by the lock.</summary>
    private CancellationTokenSource? _run;

    /// <summary>Indicates whether the proxy has been disposed. Guarded by the lock.</summary>
    private bool _isDisposed;

    /// <summary>Completed when there is a new binding. Its continuations run on the thread that completes it.</summary>
    private TaskCompletionSource _bound = new();

    /// <inheritdoc/>
    public void OnBound()
    {
        TaskCompletionSource bound = Interlocked.Exchange(ref _bound, new TaskCompletionSource());
        if (proxy.Observed is null)
        {
            bound.TrySetResult();
        }
        else
        {
            // The call passes through interceptors, which are user code that may block.
            ThreadPool.UnsafeQueueUserWorkItem(static bound => bound.TrySetResult(), bound, preferLocal: false);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            AssertInvariants();
            _isDisposed = true;
        }

        Stop();
        OnDisposed();
    }

    /// <summary>Begins to call. Called while no lock is held, after the first observer has come.</summary>
    private protected void Start()
    {
        CancellationTokenSource run;
        lock (_lock)
        {
            AssertInvariants();
            if (_isDisposed || _run is not null)
            {
                return;
            }

            _run = run = new CancellationTokenSource();
        }

        if (ExecutionContext.IsFlowSuppressed())
        {
            _ = RunAsync(run.Token);
            return;
        }

        // The stream serves all observers, later ones too: it is no part of what the first one does.
        using (ExecutionContext.SuppressFlow())
        {
            _ = RunAsync(run.Token);
        }
    }

    /// <summary>Leaves the stream. Called while no lock is held, after the last observer has gone.</summary>
    private protected void Stop()
    {
        CancellationTokenSource? run;
        lock (_lock)
        {
            AssertInvariants();
            run = _run;
            _run = null;
        }

        run?.Cancel();
    }

    /// <summary>Creates the way of the replies to an evaluator.</summary>
    /// <exception cref="ObjectDisposedException">The evaluator has been disposed.</exception>
    private protected abstract IReplyRoute<TReply> CreateRoute(ConnectionEvaluator evaluator, CancellationToken ended);

    /// <summary>Ends the connections of the observers.</summary>
    private protected abstract void OnDisposed();

    private async Task RunAsync(CancellationToken ended)
    {
        IReplyRoute<TReply>? route = null;
        ServiceBinding? used = null;
        try
        {
            while (!ended.IsCancellationRequested)
            {
                // Read before the binding, so that one that is set afterwards ends the wait.
                Task bound = Volatile.Read(ref _bound).Task;
                if (proxy.Binding is not { } binding || binding == used || proxy.ClientEvaluator is not { } evaluator)
                {
                    await bound.WaitAsync(ended).ConfigureAwait(false);
                    continue;
                }

                used = binding;
                if (route?.Evaluator != evaluator)
                {
                    route?.Dispose();
                    route = CreateRoute(evaluator, ended);
                }

                await CallOverAsync(binding, route, ended).ConfigureAwait(false);
            }
        }
        catch (Exception) when (ended.IsCancellationRequested)
        {
            // Nothing observes the replies any more.
        }
        catch (ObjectDisposedException)
        {
            // The evaluator has ended before its client, whose events it would run.
        }
        finally
        {
            route?.Dispose();
        }
    }

    /// <summary>Calls the rpc over a binding, and again after a delay, until there is another binding or the host does not have the rpc.</summary>
    private async Task CallOverAsync(ServiceBinding binding, IReplyRoute<TReply> route, CancellationToken ended)
    {
        TimeSpan delay = FirstDelay;
        do
        {
            try
            {
                IAsyncEnumerator<TReply> replies = call(ended).GetAsyncEnumerator(CancellationToken.None);
                await using (replies.ConfigureAwait(false))
                {
                    ValueTask<bool> next = replies.MoveNextAsync();
                    if (next.IsCompleted)
                    {
                        // The thread that has made the call does not deliver what has arrived already.
                        await new PoolTurn();
                    }

                    while (await next.ConfigureAwait(false))
                    {
                        delay = FirstDelay;
                        await route.DeliverAsync(replies.Current).ConfigureAwait(false);
                        next = replies.MoveNextAsync();
                    }
                }

                ClientLog.SubscriptionEnded(binding.Connection.Options.Log, method.FullName, delay.TotalSeconds);
            }
            catch (IpcDisconnectedException)
            {
                return;
            }
            catch (Exception exception) when (!ended.IsCancellationRequested)
            {
                if (exception is IpcCallException { StatusCode: IpcStatusCode.Unimplemented })
                {
                    ClientLog.SubscriptionRefused(binding.Connection.Options.Log, method.FullName, exception.Message);
                    return;
                }

                ClientLog.SubscriptionFailed(binding.Connection.Options.Log, method.FullName, delay.TotalSeconds, exception.Message);
            }

            if (!await WaitAsync(binding, delay, ended).ConfigureAwait(false))
            {
                return;
            }

            delay = TimeSpan.FromTicks(Math.Min(2 * delay.Ticks, LongestDelay.Ticks));
        } while (true);
    }

    /// <summary>Waits before a call is made again. Returns false as soon as the binding has been lost.</summary>
    private async ValueTask<bool> WaitAsync(ServiceBinding binding, TimeSpan delay, CancellationToken ended)
    {
        while (proxy.Binding == binding)
        {
            try
            {
                await Volatile.Read(ref _bound).Task.WaitAsync(delay, proxy.ClientTime, ended).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                return proxy.Binding == binding;
            }
        }

        return false;
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(_run is null || !_run.IsCancellationRequested, "A run is removed before it is ended.");
    }
}
