using Google.Protobuf;
using Signals.Remote.Wire;

namespace Signals.Remote;

/// <summary>A subscription at the importer, which imports of the same kind share.</summary>
/// <param name="id">The number, which is never used again.</param>
/// <param name="key">The key.</param>
internal sealed class InSubscription(uint id, SubscriptionKey key)
{
    /// <summary>The imports. The array is replaced when it changes, while the lock of the imports is held.</summary>
    internal RemoteImport[] Imports = [];

    /// <summary>The state, its reason, the grant and the path. Written while the lock of the imports is held.</summary>
    internal volatile RemoteState State = RemoteState.Waiting;
    internal volatile string? Reason;
    internal volatile RemoteGrant? Granted;
    internal volatile string[] Path = [];

    /// <summary>Indicates whether an exporter has granted it that exports a property.</summary>
    internal volatile bool IsPropertyThere;

    /// <summary>The replies of the exporters that were asked. Guarded by the lock of the imports.</summary>
    private readonly List<InReply> _replies = [];

    /// <summary>Indicates whether the connection by which it was live is lost. Guarded by the lock of the imports.</summary>
    private bool _isStale;

    /// <summary>The reason why it is refused without a connection, or null. Guarded by the lock of the imports.</summary>
    private string? _refusal;

    internal uint Id => id;

    internal SubscriptionKey Key => key;

    /// <summary>Gets the exports whose emissions arrive. Used by the evaluator only.</summary>
    internal InOrigins Origins { get; } = new(key);

    /// <summary>Gets the value of a property that the slots were given last. Used by the evaluator only.</summary>
    internal KeptValue Known => field ??= new KeptValue();

    /// <summary>Takes note that an exporter is asked. Called while the lock is held, as are the following methods.</summary>
    internal void OnAsked(InLink link)
    {
        _replies.Add(new InReply(link));
        _refusal = null;
        Merge();
    }

    /// <summary>Takes note that a connection is lost.</summary>
    internal void OnLost(InLink link)
    {
        List<InReply> lost = _replies.FindAll(reply => reply.Link == link);
        if (lost.Count > 0)
        {
            _isStale = _isStale || lost.Exists(static reply => reply.State == RemoteState.Live);
            _replies.RemoveAll(reply => reply.Link == link);
            Merge();
        }
    }

    /// <summary>
    /// Takes note that the subscription is granted, as the item arrives. Returns false if that closes a circle, or the exchange itself has refused it: the
    /// exporter did not know that when it sent the grant.
    /// </summary>
    internal bool OnGranted(InLink link, string? name, Grant grant)
    {
        InReply? whole = Find(link, name: null);
        if (whole is { IsOwnRefusal: true })
        {
            return false;
        }

        if (Find(link, name) is not { } reply)
        {
            if (name is null || whole is null)
            {
                return true;
            }

            _replies.Add(reply = new InReply(link, name));
        }

        var overflow = (RemoteOverflow)Math.Min(grant.Overflow, (uint)RemoteOverflow.Disconnect);
        var replay = (RemoteReplay)Math.Min(grant.Replay, (uint)RemoteReplay.Last);
        reply.Granted = new RemoteGrant(overflow, (int)Math.Min(grant.Capacity, int.MaxValue), replay, (int)Math.Min(grant.ReplayCount, int.MaxValue));
        reply.IsProperty = grant.IsProperty;
        return Allow(reply, [.. RemoteNames.LimitPath(grant.Path)]);
    }

    /// <summary>Takes note that the values of a granted subscription come through other exports. Returns false if that closes a circle.</summary>
    internal bool OnPath(InLink link, string? name, SourcePath path) =>
        Find(link, name) is not { State: RemoteState.Live } reply || Allow(reply, [.. RemoteNames.LimitPath(path.Nodes)]);

    /// <summary>Takes note of a refusal.</summary>
    /// <param name="link">The connection.</param>
    /// <param name="name">The name, if it is one of those of a pattern; otherwise null.</param>
    /// <param name="reason">The reason.</param>
    /// <param name="isOwn">Indicates whether the exchange itself refuses.</param>
    internal void OnRefused(InLink link, string? name, string reason, bool isOwn = false)
    {
        if (Find(link, name) is { } reply)
        {
            Refuse(reply, reason, isOwn);
        }
    }

    /// <summary>Takes note that the name is no longer exported.</summary>
    internal void OnWithdrawn(InLink link, string? name)
    {
        if (Find(link, name) is { } reply)
        {
            reply.State = RemoteState.Waiting;
            reply.Path = [];
            _isStale = false;
            Merge();
        }
    }

    /// <summary>Takes note that the peer is not an exporter.</summary>
    internal void OnNoExporter(string reason)
    {
        _refusal = reason;
        _isStale = false;
        Merge();
    }

    /// <summary>Returns the connection to the exporter of a live property, or null.</summary>
    internal InLink? FindOwner() => _replies.Find(static reply => reply.State == RemoteState.Live)?.Link;

    internal ReadOnlyMemory<byte> CreateRequest()
    {
        var request = new SubscribeRequest
        {
            Stream = key.Stream.Id,
            Subscription = id,
            Name = key.Name,
            Type = key.TypeName,
        };
        if (key.IsProperty)
        {
            request.IsProperty = true;
        }

        if (key.IsPattern)
        {
            request.IsPattern = true;
        }

        if (key.Overflow is { } overflow)
        {
            request.Overflow = (uint)overflow;
        }

        if (key.Capacity is { } capacity)
        {
            request.Capacity = (uint)capacity;
        }

        if (key.Replay is { } replay)
        {
            request.Replay = (uint)replay;
        }

        if (key.ReplayCount is { } count)
        {
            request.ReplayCount = (uint)count;
        }

        var path = new List<string>();
        foreach (RemoteImport import in Volatile.Read(ref Imports))
        {
            import.AddDownstreamPath(path);
        }

        request.Path.AddRange(RemoteNames.LimitPath(path.Distinct()));
        return request.ToByteArray();
    }

    /// <summary>Returns a description of the circle that an export of one of the imports closes, or null.</summary>
    private static string? FindCircle(RemoteImport[] imports, string[] path)
    {
        foreach (RemoteImport import in imports)
        {
            if (import.FindCircle(path) is { } circle)
            {
                return circle;
            }
        }

        return null;
    }

    private InReply? Find(InLink link, string? name) => _replies.Find(reply => reply.Link == link && reply.Name == name);

    private bool Allow(InReply reply, string[] path)
    {
        if (FindCircle(Imports, path) is { } circle)
        {
            Refuse(reply, circle, isOwn: false);
            return false;
        }

        reply.State = RemoteState.Live;
        reply.Path = path;
        _isStale = false;
        Merge();
        return true;
    }

    private void Refuse(InReply reply, string reason, bool isOwn)
    {
        if (reply.IsOwnRefusal)
        {
            return;
        }

        reply.State = RemoteState.Refused;
        reply.Reason = reason;
        reply.IsOwnRefusal = isOwn;
        reply.Path = [];
        _isStale = _isStale && isOwn;
        Merge();
    }

    /// <summary>Determines the state from the replies of all exporters.</summary>
    private void Merge()
    {
        List<InReply> live = _replies.FindAll(static reply => reply.State == RemoteState.Live);
        string? refused = _refusal ?? _replies.Find(static reply => reply is { State: RemoteState.Refused, IsOwnRefusal: false })?.Reason;
        string? ownRefusal = _replies.Find(static reply => reply.IsOwnRefusal)?.Reason;
        bool isAsked = _replies.Exists(static reply => !reply.IsOwnRefusal);
        if (live.Count > 1 && key is { IsProperty: true, IsExclusive: false })
        {
            refused = $"{live.Count} exporters have a property of this name";
            live.Clear();
        }

        Granted = live.Count > 0 ? live[0].Granted : Granted;
        IsPropertyThere = live.Count > 0 && live[0].IsProperty;
        Path =
            live.Count == 0 ? []
            : live.Count == 1 ? live[0].Path
            : [.. RemoteNames.LimitPath(live.SelectMany(static reply => reply.Path).Distinct())];
        (State, Reason) =
            live.Count > 0 ? (RemoteState.Live, null)
            : refused is not null ? (RemoteState.Refused, refused)
            : _isStale ? (RemoteState.Stale, null)
            : isAsked || ownRefusal is null ? (RemoteState.Waiting, null)
            : (RemoteState.Refused, ownRefusal);
    }
}
