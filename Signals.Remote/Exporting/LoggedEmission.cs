namespace Signals.Remote;

/// <summary>An emission in a log, for a subscription.</summary>
/// <param name="Order">The number among the emissions of all exports.</param>
/// <param name="Subscription">The subscription.</param>
/// <param name="Position">The position in the log.</param>
internal readonly record struct LoggedEmission(long Order, OutSubscription Subscription, long Position) : IComparable<LoggedEmission>
{
    public int CompareTo(LoggedEmission other)
    {
        int order = Order.CompareTo(other.Order);
        return order != 0 ? order : Subscription.Id.CompareTo(other.Subscription.Id);
    }
}
