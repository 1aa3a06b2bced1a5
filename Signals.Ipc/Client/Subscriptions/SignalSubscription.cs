using Signals.Ipc.Services;

namespace Signals.Ipc.Client;

/// <summary>A signal whose emissions are the replies of a stream, which is called while the signal has connections.</summary>
internal sealed class SignalSubscription<TReply> : StreamSubscription<TReply>
    where TReply : class
{
    /// <summary>The signal that users connect to. It is emitted on the evaluator of the client only.</summary>
    private readonly Signal<TReply> _target;

    internal SignalSubscription(ServiceProxy proxy, ServiceMethod method, Func<CancellationToken, IAsyncEnumerable<TReply>> call)
        : base(proxy, method, call) => _target = new Signal<TReply>(new SignalOptions { FirstConnectedHandler = Start, LastDisconnectedHandler = Stop });

    /// <summary>Gets the signal.</summary>
    internal ISignal<TReply> Signal => _target;

    private protected override IReplyRoute<TReply> CreateRoute(ConnectionEvaluator evaluator, CancellationToken ended) =>
        new SignalRoute<TReply>(_target, evaluator, ended);

    private protected override void OnDisposed() => _target.Dispose();
}
