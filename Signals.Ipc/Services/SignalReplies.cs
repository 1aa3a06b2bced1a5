using Google.Protobuf;

namespace Signals.Ipc.Services;

/// <summary>Makes streams of replies of signals and properties.</summary>
internal static class SignalReplies
{
    /// <summary>Returns the emissions of a signal, from the first step of the enumeration on.</summary>
    internal static async IAsyncEnumerable<TReply> Of<TReply>(ISignal<TReply> signal, CallContext context)
        where TReply : class, IMessage<TReply>
    {
        // A call without replies would only wait for its end.
        if (!context.WantsReply)
        {
            yield break;
        }

        using var queue = new EmissionQueue<TReply>(context);
        if (!TryConnect(signal, queue))
        {
            yield break;
        }

        await foreach (TReply reply in queue.ReadAllAsync().ConfigureAwait(false))
        {
            yield return reply;
        }
    }

    /// <summary>Returns the value of a property and its changes, from the first step of the enumeration on.</summary>
    internal static async IAsyncEnumerable<TReply> Of<TReply>(IReadOnlyProperty<TReply> property, CallContext context)
        where TReply : class, IMessage<TReply>
    {
        if (!context.WantsReply)
        {
            yield break;
        }

        using var latest = new LatestValue<TReply>(context);
        if (!TryConnect(property, latest))
        {
            yield break;
        }

        await foreach (TReply reply in latest.ReadAllAsync().ConfigureAwait(false))
        {
            yield return reply;
        }
    }

    private static bool TryConnect<TReply>(ISignal<TReply> signal, EmissionQueue<TReply> queue)
        where TReply : class, IMessage<TReply>
    {
        try
        {
            signal.Connect(queue);
            return true;
        }
        catch (ObjectDisposedException)
        {
            // There is nothing to reply with.
            return false;
        }
    }

    private static bool TryConnect<TReply>(IReadOnlyProperty<TReply> property, LatestValue<TReply> latest)
        where TReply : class, IMessage<TReply>
    {
        try
        {
            property.Connect(latest);
            latest.Values = property.ConnectWithCurrent(latest.Write);
            return true;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }
}
