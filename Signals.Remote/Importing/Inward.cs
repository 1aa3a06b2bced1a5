using Signals.Remote.Wire;

namespace Signals.Remote;

/// <summary>A subscription of a <see cref="RemoteInbox"/> with its queue of received items, or with a queue for each name that matches its pattern.</summary>
internal sealed class Inward(OutStream stream, SubscribeRequest request, ReadOnlyMemory<byte> message)
{
    /// <summary>The maximum number of names that match a pattern.</summary>
    private const int MaxNames = 65_536;

    private readonly Dictionary<string, OutSubscription> _byName = new(StringComparer.Ordinal);

    internal uint Id => request.Subscription;

    internal OutStream Stream => stream;

    internal SubscribeRequest Request => request;

    /// <summary>Gets the encoded request.</summary>
    internal ReadOnlyMemory<byte> Message => message;

    /// <summary>Returns the queue of a name that was granted, or null.</summary>
    internal OutSubscription? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Returns the queue for an item of the exporter, which is created for the first item. Null if the name does not match.</summary>
    internal OutSubscription? FindFor(in InItem item)
    {
        string name = request.IsPattern ? System.Text.Encoding.UTF8.GetString(item.NameBytes) : request.Name;
        if (_byName.TryGetValue(name, out OutSubscription? known))
        {
            return known;
        }

        if (request.IsPattern && (_byName.Count >= MaxNames || !RemoteNames.IsValid(name) || !RemoteNames.Matches(request.Name, name)))
        {
            return null;
        }

        var added = new OutSubscription(stream, request, request.IsPattern ? name : null);
        _byName.Add(name, added);
        return added;
    }

    /// <summary>Determines whether emissions are missing.</summary>
    internal bool IsBehind(IReadOnlyDictionary<ulong, ulong> lastNumbers)
    {
        foreach (OutSubscription queue in _byName.Values)
        {
            if (queue.State == OutState.Granted && lastNumbers.TryGetValue(queue.Epoch, out ulong last) && (ulong)queue.LastNumber < last)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Queues a further grant where emissions are missing, behind what has arrived: imports report the gap.</summary>
    internal void EndWith(IReadOnlyDictionary<ulong, ulong> lastNumbers, ulong maxNumber)
    {
        foreach (OutSubscription queue in _byName.Values)
        {
            if (
                queue is { State: OutState.Granted, Grant: { } granted }
                && lastNumbers.TryGetValue(queue.Epoch, out ulong last)
                && (ulong)queue.LastNumber < last
                && last <= maxNumber
            )
            {
                Grant end = granted.Clone();
                end.Base = last;
                queue.LastNumber = (long)last;
                stream.Push(queue, OutKind.Granted, end);
            }
        }
    }

    internal void DropUnsent()
    {
        foreach (OutSubscription queue in _byName.Values)
        {
            stream.DropUnsent(queue);
        }
    }
}
