namespace Signals.Remote;

/// <content>Subscriptions to patterns: each has a subscription of its own for each name that matches, which shares its number.</content>
public sealed partial class RemoteExports
{
    private readonly List<OutSubscription> _patterns = [];

    /// <summary>Keeps a subscription to a pattern. Called while the lock is held. Returns the subscriptions to examine.</summary>
    private List<OutSubscription> AddPattern(OutSubscription pattern)
    {
        pattern.Matching = new Dictionary<string, OutSubscription>(StringComparer.Ordinal);
        _patterns.Add(pattern);
        return [.. _exports.Values.Select(export => AddMatching(pattern, export)).OfType<OutSubscription>()];
    }

    /// <summary>Adds subscriptions of the patterns that the name of an export matches. Called while the lock is held.</summary>
    private void AddMatching(ExportState export)
    {
        foreach (OutSubscription pattern in _patterns)
        {
            AddMatching(pattern, export);
        }
    }

    private OutSubscription? AddMatching(OutSubscription pattern, ExportState export)
    {
        if (
            pattern.Matching!.ContainsKey(export.Name)
            || export.TypeName != pattern.Request.Type
            || !RemoteNames.Matches(pattern.Request.Name, export.Name)
        )
        {
            return null;
        }

        Wire.SubscribeRequest request = pattern.Request.Clone();
        request.Name = export.Name;
        request.ClearIsPattern();
        var matching = new OutSubscription(pattern.Stream, request, export.Name, pattern.Importer);
        pattern.Matching.Add(export.Name, matching);
        AddNamed(matching);
        return matching;
    }

    /// <summary>Forgets a subscription to a pattern. Called while the lock is held. Returns the subscriptions to its names.</summary>
    private OutSubscription[] RemovePattern(OutSubscription subscription)
    {
        if (subscription.Matching is not { } matching)
        {
            return [];
        }

        _patterns.Remove(subscription);
        return [.. matching.Values];
    }
}
