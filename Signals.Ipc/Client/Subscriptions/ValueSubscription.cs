using Signals.Ipc.Services;

namespace Signals.Ipc.Client;

/// <summary>A property whose values are the replies of a stream, which is called while the property is observed.</summary>
internal sealed class ValueSubscription<TReply> : StreamSubscription<TReply>
    where TReply : class
{
    /// <summary>The last reply. It is set on the evaluator of the client only.</summary>
    private readonly Property<TReply> _value;

    /// <summary>The property that users see, which cannot be set.</summary>
    private readonly Computed<TReply> _view;

    /// <param name="proxy">The proxy.</param>
    /// <param name="method">The rpc.</param>
    /// <param name="call">Calls the rpc.</param>
    /// <param name="initial">The value before the first reply.</param>
    /// <param name="scope">The scope, which has only properties that are set on the evaluator, so that slots run there.</param>
    internal ValueSubscription(
        ServiceProxy proxy,
        ServiceMethod method,
        Func<CancellationToken, IAsyncEnumerable<TReply>> call,
        TReply initial,
        PropertyScope scope
    )
        : base(proxy, method, call)
    {
        _value = new Property<TReply>(initial, OnObserved, comparer: null, scope);

        // Values that are equal have been left out before.
        _view = Computed.Of<TReply>(() => _value.Value, ReferenceEqualityComparer.Instance, scope, method.FullName);
    }

    /// <summary>Gets the property.</summary>
    internal IReadOnlyProperty<TReply> Property => _view;

    private protected override IReplyRoute<TReply> CreateRoute(ConnectionEvaluator evaluator, CancellationToken ended) =>
        new PropertyRoute<TReply>(_value, evaluator, ended);

    private protected override void OnDisposed()
    {
        _view.Dispose();
        _value.Dispose();
    }

    private void OnObserved(bool isObserved)
    {
        if (isObserved)
        {
            Start();
        }
        else
        {
            Stop();
        }
    }
}
