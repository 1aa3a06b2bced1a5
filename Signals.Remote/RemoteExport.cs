namespace Signals.Remote;

/// <summary>The members that exported signals and properties have in common. Disposing one withdraws the name.</summary>
/// <remarks>
/// All members are thread-safe. The signals are emitted by the exporter's evaluator. An exported name stays exported without a reference to this object.
/// </remarks>
public abstract class RemoteExport : IDisposable
{
    private readonly Signal<RemoteSubscriber> _subscribed = new();
    private readonly Signal<RemoteSubscriber> _unsubscribed = new();
    private readonly Signal<Exception> _failed = new();

    private protected RemoteExport(string name) => Name = name;

    /// <summary>Gets the name.</summary>
    public string Name { get; }

    /// <summary>Gets the number of subscriptions that receive values.</summary>
    public int SubscriberCount => State?.SubscriberCount ?? 0;

    /// <summary>Gets the number of values that were dropped because the queue of a subscription was full, each counted for every subscription.</summary>
    public long DroppedCount => State?.DroppedCount ?? 0;

    /// <summary>Gets a signal that is emitted when a subscription begins to receive values.</summary>
    public ISignal<RemoteSubscriber> Subscribed => _subscribed;

    /// <summary>Gets a signal that is emitted when a subscription that received values has ended.</summary>
    public ISignal<RemoteSubscriber> Unsubscribed => _unsubscribed;

    /// <summary>
    /// Gets a signal that is emitted with the exceptions of codecs, of <see cref="ExportOptions.Authorize"/> and of the exported computation, and for
    /// values that are too large for the exchange. An exchange that has a log writes them there too.
    /// </summary>
    public ISignal<Exception> Failed => _failed;

    internal ExportState? State { get; set; }

    /// <summary>Gets the side that handles requests to set a property, or null.</summary>
    internal virtual IRemoteSetter? Setter => null;

    /// <summary>
    /// Withdraws the name: its importers wait until it is exported again. The signal itself is not affected. Further calls do nothing.
    /// </summary>
    public void Dispose()
    {
        State?.Owner.Withdraw(State);
        GC.SuppressFinalize(this);
    }

    /// <summary>Returns the name and the number of subscriptions, for logs and debuggers.</summary>
    /// <returns>A description of the export.</returns>
    public override string ToString() => $"{Name} ({SubscriberCount} subscribers)";

    internal void OnSubscribed(RemoteSubscriber subscriber) => EmitSoon(_subscribed, subscriber);

    internal void OnUnsubscribed(RemoteSubscriber subscriber) => EmitSoon(_unsubscribed, subscriber);

    /// <summary>Reports an exception. Called while no lock is held.</summary>
    internal void OnFailed(Exception exception)
    {
        EmitSoon(_failed, exception);
        State!.Owner.OnFailed(Name, exception);
    }

    private void EmitSoon<T>(Signal<T> signal, T value)
    {
        if (!signal.IsEmpty)
        {
            State!.Owner.Events.Add(() => signal.Emit(value));
        }
    }
}
