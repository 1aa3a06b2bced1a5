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
/// proxy raises <see cref="ServiceProxy.Connected"/>, even if replies of the previous binding are still being delivered. The new replies follow those.
/// With interceptors, a thread of the pool makes the call after a reconnection, at about the same time.
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

    /// <summary>The active run; null while nothing observes the replies. Guarded by the lock.</summary>
    private Run? _run;

    /// <summary>Indicates whether the proxy has been disposed. Guarded by the lock.</summary>
    private bool _isDisposed;

    /// <inheritdoc/>
    public void OnBound()
    {
        if (proxy.Observed is { Intercepts: true })
        {
            // Interceptors are user code that may block.
            ThreadPool.UnsafeQueueUserWorkItem(static subscription => subscription.CallOverBinding(), this, preferLocal: false);
        }
        else
        {
            CallOverBinding();
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
        lock (_lock)
        {
            AssertInvariants();
            if (_isDisposed || _run is not null)
            {
                return;
            }

            _run = new Run();
        }

        CallOverBinding();
    }

    /// <summary>Leaves the stream. Called while no lock is held, after the last observer has gone.</summary>
    private protected void Stop()
    {
        Run? run;
        lock (_lock)
        {
            AssertInvariants();
            run = _run;
            _run = null;
        }

        if (run is not null)
        {
            run.Ended.Cancel();
            _ = ReleaseAsync(run);
        }
    }

    /// <summary>Creates the way of the replies to an evaluator.</summary>
    /// <exception cref="ObjectDisposedException">The evaluator has been disposed.</exception>
    private protected abstract IReplyRoute<TReply> CreateRoute(ConnectionEvaluator evaluator, CancellationToken ended);

    /// <summary>Ends the connections of the observers.</summary>
    private protected abstract void OnDisposed();

    /// <summary>Calls over the binding of the proxy, unless there is none, or the active run has called over it already.</summary>
    private void CallOverBinding()
    {
        BindingTurn? previous;
        BindingTurn turn;
        lock (_lock)
        {
            AssertInvariants();
            if (_run is not { } run || proxy.Binding is not { } binding || binding == run.Turn?.Binding)
            {
                return;
            }

            previous = run.Turn;
            run.Turn = turn = new BindingTurn(run, binding);
        }

        previous?.Superseded.SetResult();
        if (ExecutionContext.IsFlowSuppressed())
        {
            _ = RunAsync(turn, previous?.Completed.Task);
            return;
        }

        // The stream serves all observers, later ones too: it is no part of what the first one does.
        using (ExecutionContext.SuppressFlow())
        {
            _ = RunAsync(turn, previous?.Completed.Task);
        }
    }

    /// <summary>Calls over a binding, and again after a delay, until there is another binding or the host does not have the rpc.</summary>
    /// <param name="turn">The use of the binding.</param>
    /// <param name="previous">Completed when the replies of the previous binding have been delivered, or null.</param>
    private async Task RunAsync(BindingTurn turn, Task? previous)
    {
        CancellationToken ended = turn.Run.Ended.Token;
        try
        {
            while (await CallAsync(turn, previous, ended).ConfigureAwait(false) && await WaitAsync(turn, ended).ConfigureAwait(false))
            {
                turn.Delay = TimeSpan.FromTicks(Math.Min(2 * turn.Delay.Ticks, LongestDelay.Ticks));
            }
        }
        catch (Exception) when (ended.IsCancellationRequested)
        {
            // Nothing observes the replies any more.
        }
        finally
        {
            if (previous is not null)
            {
                await previous.ConfigureAwait(false);
            }

            turn.Completed.SetResult();
        }
    }

    /// <summary>Calls once and delivers the replies. Returns false if the binding cannot be used again.</summary>
    private async ValueTask<bool> CallAsync(BindingTurn turn, Task? previous, CancellationToken ended)
    {
        ServiceBinding binding = turn.Binding;
        try
        {
            using var left = CancellationTokenSource.CreateLinkedTokenSource(ended);
            IAsyncEnumerator<TReply> replies = call(left.Token).GetAsyncEnumerator(CancellationToken.None);
            await using (replies.ConfigureAwait(false))
            {
                ValueTask<bool> next = replies.MoveNextAsync();
                if (next.IsCompleted)
                {
                    // The thread that has made the call does not deliver what has arrived already.
                    await new PoolTurn();
                }

                if (previous is not null)
                {
                    await previous.ConfigureAwait(false);
                }

                // Another binding may have been used for the call, which is called over again.
                if (proxy.Binding != binding || FindRoute(turn.Run) is not { } route)
                {
                    await left.CancelAsync().ConfigureAwait(false);
                    await ((Task)next.AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    return false;
                }

                while (await next.ConfigureAwait(false))
                {
                    turn.Delay = FirstDelay;
                    await route.DeliverAsync(replies.Current).ConfigureAwait(false);
                    next = replies.MoveNextAsync();
                }
            }

            ClientLog.SubscriptionEnded(binding.Connection.Options.Log, method.FullName, turn.Delay.TotalSeconds);
        }
        catch (IpcDisconnectedException)
        {
            return false;
        }
        catch (Exception exception) when (!ended.IsCancellationRequested)
        {
            if (exception is IpcCallException { StatusCode: IpcStatusCode.Unimplemented })
            {
                ClientLog.SubscriptionRefused(binding.Connection.Options.Log, method.FullName, exception.Message);
                return false;
            }

            ClientLog.SubscriptionFailed(binding.Connection.Options.Log, method.FullName, turn.Delay.TotalSeconds, exception.Message);
        }

        return true;
    }

    /// <summary>Waits before a call is made again. Returns false if it is not to be made, because the binding has been lost.</summary>
    private async ValueTask<bool> WaitAsync(BindingTurn turn, CancellationToken ended)
    {
        try
        {
            await turn.Superseded.Task.WaitAsync(turn.Delay, proxy.ClientTime, ended).ConfigureAwait(false);
            return false;
        }
        catch (TimeoutException)
        {
            return proxy.Binding == turn.Binding;
        }
    }

    /// <summary>Returns the way of the replies to the evaluator of the client, or null if the client or its evaluator has ended.</summary>
    private IReplyRoute<TReply>? FindRoute(Run run)
    {
        if (proxy.ClientEvaluator is not { } evaluator)
        {
            return null;
        }

        if (run.Route?.Evaluator != evaluator)
        {
            run.Route?.Dispose();
            run.Route = null;
            try
            {
                run.Route = CreateRoute(evaluator, run.Ended.Token);
            }
            catch (ObjectDisposedException)
            {
                // The evaluator has ended before its client, whose events it would run.
            }
        }

        return run.Route;
    }

    /// <summary>Disposes the route of a run that has been stopped, when nothing uses it any more.</summary>
    private static async Task ReleaseAsync(Run run)
    {
        if (run.Turn is { } last)
        {
            await last.Completed.Task.ConfigureAwait(false);
        }

        run.Route?.Dispose();
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(_run is null || !_run.Ended.IsCancellationRequested, "A run is removed before it is ended.");
    }

    /// <summary>The time during which the replies are observed.</summary>
    private sealed class Run
    {
        /// <summary>Canceled when nothing observes the replies any more.</summary>
        internal CancellationTokenSource Ended { get; } = new();

        /// <summary>Gets or sets the use of the latest binding, or null before the first. Set with the lock of the subscription, while the run is active.</summary>
        internal BindingTurn? Turn { get; set; }

        /// <summary>Gets or sets the way of the replies, or null before the first. Used by the oldest turn that has not been completed.</summary>
        internal IReplyRoute<TReply>? Route { get; set; }
    }

    /// <summary>The use of a binding by a run.</summary>
    private sealed class BindingTurn(Run run, ServiceBinding binding)
    {
        internal Run Run => run;

        internal ServiceBinding Binding => binding;

        /// <summary>Gets or sets the delay before the next call over this binding.</summary>
        internal TimeSpan Delay { get; set; } = FirstDelay;

        /// <summary>Completed when there is another binding.</summary>
        internal TaskCompletionSource Superseded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Completed when the replies of this binding, and of all previous ones, have been delivered.</summary>
        internal TaskCompletionSource Completed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
