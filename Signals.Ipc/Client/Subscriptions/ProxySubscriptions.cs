using System.Diagnostics;
using Signals.Ipc.Services;

namespace Signals.Ipc.Client;

/// <summary>The subscriptions of a proxy: one for each rpc that a signal or a property of the proxy stands for.</summary>
/// <param name="count">The number of rpcs of the service.</param>
internal sealed class ProxySubscriptions(int count)
{
    /// <summary>The subscriptions by the positions of their rpcs in the .proto file. Written inside the lock.</summary>
    private readonly ISubscription?[] _byMethod = new ISubscription?[count];

    private readonly Lock _lock = new();

    /// <summary>Indicates whether the proxy has been disposed. Guarded by the lock.</summary>
    private bool _isDisposed;

    /// <summary>
    /// Gets the scope of the properties. They are set on the evaluator of the client alone, and no other property is, so their slots run there.
    /// </summary>
    internal PropertyScope Scope { get; } = new();

    /// <summary>Returns the subscription of an rpc, or null.</summary>
    /// <exception cref="InvalidOperationException">The rpc has a subscription of another kind.</exception>
    internal TSubscription? Find<TSubscription>(ServiceMethod method)
        where TSubscription : class, ISubscription
    {
        ISubscription? found = Volatile.Read(ref _byMethod[method.Index]);
        return found is null or TSubscription
            ? (TSubscription?)found
            : throw new InvalidOperationException($"{method.FullName} has been used for a signal and for a property. Use it for one of them.");
    }

    /// <summary>Adds a subscription, unless another thread has added one, and returns the one that counts.</summary>
    internal TSubscription Add<TSubscription>(ServiceMethod method, TSubscription subscription)
        where TSubscription : class, ISubscription
    {
        bool isDisposed;
        lock (_lock)
        {
            AssertInvariants();
            if (Find<TSubscription>(method) is { } known)
            {
                return known;
            }

            Volatile.Write(ref _byMethod[method.Index], subscription);
            isDisposed = _isDisposed;
        }

        if (isDisposed)
        {
            subscription.Dispose();
        }

        return subscription;
    }

    /// <summary>Lets the subscriptions use a new binding. Called while no lock is held.</summary>
    internal void OnBound()
    {
        foreach (ISubscription? subscription in _byMethod)
        {
            subscription?.OnBound();
        }
    }

    /// <summary>Ends the subscriptions and their signals. Called while no lock is held.</summary>
    internal void Dispose()
    {
        lock (_lock)
        {
            AssertInvariants();
            _isDisposed = true;
        }

        foreach (ISubscription? subscription in _byMethod)
        {
            subscription?.Dispose();
        }
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants() => Debug.Assert(_lock.IsHeldByCurrentThread);
}
