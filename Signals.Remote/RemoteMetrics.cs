using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace Signals.Remote;

/// <summary>
/// Measures the exports and imports of the process, without keeping them alive. What listeners throw, which is user code, does not affect them. All members
/// are thread-safe, and not called while a lock is held.
/// </summary>
internal static class RemoteMetrics
{
    private static readonly Meter Meter = new("Signals.Remote", typeof(RemoteMetrics).Assembly.GetName().Version?.ToString(3));

    /// <summary>The exports that have had importers.</summary>
    private static readonly ConditionalWeakTable<RemoteExports, object?> Exports = [];

    /// <summary>The imports that have been subscribed.</summary>
    private static readonly ConditionalWeakTable<RemoteImports, object?> Imports = [];
    private static readonly ConditionalWeakTable<RemoteInbox, object?> Inboxes = [];

    private static readonly Counter<long>? Missed = ListenerFailure.TryCreate(static () =>
        Meter.CreateCounter<long>("signals.remote.missed", "{emission}", "The number of emissions that imports did not receive.")
    );

    static RemoteMetrics()
    {
        Create("export.subscriptions", "{subscription}", "The number of subscriptions of importers.", static () => OfExports().Subscriptions);
        Create("export.queue.length", "{item}", "The number of items that wait to be sent to importers.", static () => OfExports().Length);
        Create("export.queue.bytes", "By", "The size of the values that wait to be sent to importers.", static () => OfExports().Bytes);
        Create("import.subscriptions", "{subscription}", "The number of subscriptions to exporters.", static () => OfImports().Subscriptions);
        Create("import.queue.length", "{entry}", "The number of entries that wait for evaluators.", static () => OfImports().Length);
        Create("import.queue.bytes", "By", "The size of the batches that wait for evaluators.", static () => OfImports().Bytes);
    }

    /// <summary>Begins to measure exports, unless they have been disposed.</summary>
    internal static void Add(RemoteExports exports)
    {
        Exports.TryAdd(exports, null);
        if (exports.IsDisposed)
        {
            Exports.Remove(exports);
        }
    }

    internal static void Remove(RemoteExports exports) => Exports.Remove(exports);

    /// <summary>Begins to measure imports, unless they have been disposed.</summary>
    internal static void Add(RemoteImports imports)
    {
        Imports.TryAdd(imports, null);
        if (imports.IsDisposed)
        {
            Imports.Remove(imports);
        }
    }

    internal static void Remove(RemoteImports imports) => Imports.Remove(imports);

    /// <summary>Begins to measure an inbox.</summary>
    internal static void Add(RemoteInbox inbox) => Inboxes.TryAdd(inbox, null);

    /// <summary>Records a gap. One of unknown size counts as one emission.</summary>
    internal static void RecordMissed(string name, in Missed missed)
    {
        if (Missed is not { Enabled: true } counter)
        {
            return;
        }

        try
        {
            counter.Add(missed.Count ?? 1, new("signals.remote.name", name), new("signals.remote.cause", NameOf(missed.Cause)));
        }
        catch (Exception exception)
        {
            ListenerFailure.Report(exception);
        }
    }

    private static string NameOf(MissedCause cause) =>
        cause switch
        {
            MissedCause.Overflow => "overflow",
            MissedCause.Reconnected => "reconnected",
            MissedCause.Restarted => "restarted",
            MissedCause.TooLarge => "too_large",
            _ => "undecodable",
        };

    private static QueueCounts OfExports()
    {
        var counts = default(QueueCounts);
        foreach ((RemoteExports exports, _) in Exports)
        {
            exports.AddCounts(ref counts);
        }

        return counts;
    }

    private static QueueCounts OfImports()
    {
        var counts = default(QueueCounts);
        foreach ((RemoteImports imports, _) in Imports)
        {
            imports.AddCounts(ref counts);
        }

        foreach ((RemoteInbox inbox, _) in Inboxes)
        {
            inbox.AddCounts(ref counts);
        }

        return counts;
    }

    private static void Create(string name, string unit, string description, Func<long> observe) =>
        _ = ListenerFailure.TryCreate(() => Meter.CreateObservableUpDownCounter($"signals.remote.{name}", observe, unit, description));
}
