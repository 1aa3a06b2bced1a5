namespace Signals.Remote;

/// <summary>A connection to an exporter, with what is to be sent. Guarded by the lock of the imports.</summary>
internal sealed class InLink(IRemoteLink link)
{
    /// <summary>The messages that are to be sent, in order.</summary>
    internal readonly Queue<(RemoteOperation Operation, InSubscription? Subscription, ReadOnlyMemory<byte> Message)> Messages = new();

    /// <summary>The streams that were requested, by their numbers.</summary>
    internal readonly Dictionary<uint, InFlow> Flows = [];

    /// <summary>Indicates whether a thread is sending messages.</summary>
    internal bool IsSending;

    internal bool IsLost;

    internal IRemoteLink Link => link;
}
