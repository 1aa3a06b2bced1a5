using System.Diagnostics;

namespace Signals;

/// <summary>
/// The routes of a relayed signal to its evaluators. Each has a source, to which the relayed signal is connected with a deferred connection. Disposing the
/// sources therefore also removes what is queued.
/// </summary>
/// <typeparam name="TSource">The class of the sources.</typeparam>
/// <param name="connect">Connects a source, deferred on an evaluator, to the relayed signal.</param>
internal sealed class RelayRoutes<TSource>(Action<TSource, ConnectionEvaluator> connect) : IDisposable
    where TSource : SignalBase, new()
{
    /// <summary>Guards everything below except reads of <see cref="_latest"/> and <see cref="_default"/>.</summary>
    private readonly object _gate = new();

    /// <summary>The routes to evaluators that have not been disposed.</summary>
    private readonly List<Route> _routes = [];

    /// <summary>The route that was used last for an evaluator, which is usually the only one, or null.</summary>
    private volatile Route? _latest;

    /// <summary>The route of emissions that name no evaluator, or null before the first one of a signal without an evaluator.</summary>
    private volatile Route? _default;

    /// <summary>The evaluator that was created because the signal has none, or null.</summary>
    private ThreadPoolEvaluator? _pool;

    private bool _isDisposed;

    /// <summary>Sets the evaluator of emissions that name none. Called once, before any emission.</summary>
    /// <exception cref="ObjectDisposedException">The evaluator has been disposed.</exception>
    internal void SetDefault(ConnectionEvaluator evaluator)
    {
        using (Uninterruptible.Enter(_gate))
        {
            AssertInvariants();
            _default = Add(evaluator);
        }
    }

    /// <summary>Returns the source whose emissions go to the evaluator of the signal, or to the thread pool if it has none.</summary>
    internal TSource ToDefault() => (_default ?? AddPool()).Source;

    /// <summary>Returns the source whose emissions go to the specified evaluator; they go nowhere if it has been disposed.</summary>
    internal TSource To(ConnectionEvaluator evaluator) => (_latest is { } latest && latest.Evaluator == evaluator ? latest : Find(evaluator)).Source;

    /// <inheritdoc/>
    public void Dispose()
    {
        Route[] routes;
        ThreadPoolEvaluator? pool;
        using (Uninterruptible.Enter(_gate))
        {
            AssertInvariants();
            _isDisposed = true;
            routes = [.. _routes];
            pool = _pool;
            _routes.Clear();
        }

        Array.ForEach(routes, static route => route.Source.Dispose());
        pool?.Dispose();
    }

    private Route AddPool()
    {
        using (Uninterruptible.Enter(_gate))
        {
            AssertInvariants();
            if (_isDisposed)
            {
                return new Route(null, new TSource());
            }

            return _default ??= Add(_pool = new ThreadPoolEvaluator());
        }
    }

    private Route Find(ConnectionEvaluator evaluator)
    {
        using (Uninterruptible.Enter(_gate))
        {
            AssertInvariants();
            _routes.RemoveAll(static route => route.Evaluator!.IsDisposed);
            if (_routes.Find(route => route.Evaluator == evaluator) is { } found)
            {
                return _latest = found;
            }

            if (!_isDisposed)
            {
                try
                {
                    return _latest = Add(evaluator);
                }
                catch (ObjectDisposedException)
                {
                    // The evaluator has been disposed, which has ended the connections that are deferred on it.
                }
            }

            return new Route(null, new TSource());
        }
    }

    /// <summary>Adds a route. Called inside the lock.</summary>
    private Route Add(ConnectionEvaluator evaluator)
    {
        var route = new Route(evaluator, new TSource());
        connect(route.Source, evaluator);
        _routes.Add(route);
        return route;
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(Monitor.IsEntered(_gate));
        Debug.Assert(!_isDisposed || _routes.Count == 0, "A disposed signal has no routes.");
        Debug.Assert(_routes.TrueForAll(static route => route.Evaluator is not null), "Each route leads to an evaluator.");
        Debug.Assert(_pool is null || _default?.Evaluator == _pool, "The signal has an evaluator of its own only if it was given none.");
    }

    /// <summary>A route to an evaluator.</summary>
    /// <param name="Evaluator">The evaluator, or null if the emissions of the source go nowhere.</param>
    /// <param name="Source">The signal that is emitted in order to queue an emission of the relayed signal.</param>
    private sealed record Route(ConnectionEvaluator? Evaluator, TSource Source);
}
