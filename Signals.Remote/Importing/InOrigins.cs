namespace Signals.Remote;

/// <summary>
/// The exports whose emissions a subscription receives: one, or those of several exporters. Determines what was missed, and whose values the slots are
/// given. Used by the evaluator only.
/// </summary>
/// <param name="key">The key of the subscription.</param>
internal sealed class InOrigins(SubscriptionKey key)
{
    /// <summary>The maximum number of exports whose connection is lost, and whose numbers are kept for their return.</summary>
    private const int MaxLost = 1024;

    private readonly List<InOrigin> _connected = [];
    private readonly List<InOrigin> _lost = [];

    /// <summary>The origin that was found last.</summary>
    private InOrigin? _found;

    /// <summary>The origin whose values the slots were given last, where only one may be.</summary>
    private InOrigin? _owner;

    /// <summary>Gets a value that indicates whether the values of one export only are given to the slots.</summary>
    private bool HasOwner => key.IsProperty || key.IsExclusive;

    /// <summary>Returns the export that has granted the subscription over a connection, or null.</summary>
    internal InOrigin? Find(InLink link, string? name) => _found is { } found && found.Link == link && found.Name == name ? found : Search(link, name);

    /// <summary>Takes note of a grant. Returns what was missed, or null.</summary>
    internal Missed? Grant(InLink link, string? name, ulong epoch, ulong described)
    {
        InOrigin? known = Find(link, name);
        if (known is { } same && same.Epoch == epoch)
        {
            same.IsLive = true;
            return Gap(same.Continue(described));
        }

        InOrigin? returned = _lost.Find(lost => lost.Epoch == epoch);
        bool isReplaced = known is not null;
        if (known is null)
        {
            known = returned ?? new InOrigin();
            known.Link = link;
            known.Name = name;
            _connected.Add(known);
        }

        known.IsLive = true;
        known.Held = null;
        if (returned is not null)
        {
            _lost.Remove(returned);
            if (isReplaced)
            {
                // Two connections to one export, of which the other one was just lost.
                known.Begin(epoch, described);
                return new Missed(null, MissedCause.Restarted);
            }

            return Gap(known.Continue(described));
        }

        known.Begin(epoch, described);
        InOrigin? gone = isReplaced ? null : _lost.Find(lost => !lost.IsReported && lost.Name == name);
        gone?.IsReported = true;
        return isReplaced || gone is not null ? new Missed(null, MissedCause.Restarted) : null;
    }

    /// <summary>Takes note that an export ended, or has refused the subscription.</summary>
    internal void End(InLink link, string? name)
    {
        if (Find(link, name) is { } origin)
        {
            origin.IsLive = false;
            origin.Held = null;
        }
    }

    /// <summary>Takes note that a connection is lost.</summary>
    internal void Lose(InLink link)
    {
        _found = null;
        foreach (InOrigin origin in _connected.FindAll(origin => origin.Link == link))
        {
            _connected.Remove(origin);
            origin.Link = null;
            origin.IsLive = false;
            origin.IsReported = false;
            origin.Held = null;
            if (_lost.Count == MaxLost)
            {
                _lost.RemoveAt(0);
            }

            _lost.Add(origin);
        }
    }

    /// <summary>Determines whether the slots are given the values of an export: not those of a second one, where only one may have the name.</summary>
    internal bool IsGiven(InOrigin origin) => origin.IsLive && (!HasOwner || origin == _owner);

    /// <summary>Chooses the export whose values the slots are given, after a change. Returns it if it was not chosen before.</summary>
    /// <param name="replaces">Indicates whether it was another one immediately before.</param>
    internal InOrigin? ChooseOwner(out bool replaces)
    {
        replaces = false;
        if (!HasOwner)
        {
            return null;
        }

        InOrigin? chosen = _connected.Find(static origin => origin.IsLive);
        if (!key.IsExclusive && chosen is not null && _connected.FindLast(static origin => origin.IsLive) != chosen)
        {
            // A property of two exporters has no value.
            chosen = null;
        }

        if (chosen == _owner)
        {
            return null;
        }

        replaces = _owner is not null && chosen is not null;
        _owner = chosen;
        return chosen;
    }

    /// <summary>Finds an export that is not the last one. A method of its own, since the delegate would be allocated for each item.</summary>
    private InOrigin? Search(InLink link, string? name)
    {
        _found = _connected.Find(origin => origin.Link == link && origin.Name == name);
        return _found;
    }

    private static Missed? Gap(long missed) => missed > 0 ? new Missed(missed, MissedCause.Reconnected) : null;
}
