namespace Signals.Ipc.Client;

/// <summary>The way of the replies of a subscription to an evaluator. Used by one run of the subscription. Disposed when the run has ended.</summary>
/// <typeparam name="TReply">The type of the replies.</typeparam>
internal interface IReplyRoute<in TReply> : IDisposable
{
    /// <summary>Gets the evaluator.</summary>
    ConnectionEvaluator Evaluator { get; }

    /// <summary>Queues a reply on the evaluator. The next one is read when the returned task has completed.</summary>
    ValueTask DeliverAsync(TReply reply);
}
