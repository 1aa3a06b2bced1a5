namespace Signals;

/// <summary>Adapter of an asynchronous slot of a query, which counts the connections.</summary>
/// <param name="slot">The delegate that the user connected.</param>
/// <param name="count">The delegate that changes the number of asynchronous slots.</param>
internal sealed class AsyncQuerySlot<T, TResult>(Func<T, CancellationToken, ValueTask<TResult>> slot, Action<int> count) : SlotAdapter
{
    internal override ConnectionKind Kind => ConnectionKind.Asynchronous;

    internal override Delegate UserSlot => slot;

    internal override bool IsNotified => true;

    internal ValueTask<TResult> RunAsync(T value, CancellationToken cancellationToken) => slot(value, cancellationToken);

    internal override void OnConnecting(ConnectionHandle handle) => count(1);

    internal override void OnDisconnecting() => count(-1);
}
