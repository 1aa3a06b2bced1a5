using System.Diagnostics.CodeAnalysis;

namespace Signals.Remote;

/// <content>What a relay needs.</content>
public sealed partial class RemoteExports
{
    private RemoteRelay? _relay;

    /// <summary>Sets the relay, once.</summary>
    internal void SetRelay(RemoteRelay relay)
    {
        if (Interlocked.CompareExchange(ref _relay, relay, null) is not null)
        {
            throw new InvalidOperationException("These exports have a relay already.");
        }
    }

    /// <summary>Adds the export of a relay, unless the name is exported, or that would close a circle.</summary>
    internal bool TryAddRelayed(ExportState export, out string? circle)
    {
        circle = export.SourceImport!.AddExport(export);
        if (circle is not null)
        {
            return false;
        }

        bool isAdded;
        lock (Lock)
        {
            AssertInvariants();

            // It may have been withdrawn at once, because no importer wants it any more.
            isAdded = !_isDisposed && !export.IsWithdrawn && _exports.TryAdd(export.Name, export);
        }

        if (!isAdded)
        {
            export.SourceImport.RemoveExport(export);
            return false;
        }

        Examine(export.Name);
        return true;
    }

    /// <summary>Determines whether an importer has subscribed to a name with a type.</summary>
    internal bool IsWanted(string name, string typeName)
    {
        lock (Lock)
        {
            AssertInvariants();
            return _subscriptions.TryGetValue(name, out List<OutSubscription>? named) && named.Exists(one => one.Request.Type == typeName);
        }
    }

    /// <summary>Determines whether an importer has subscribed to a name with a type, under which nothing is exported.</summary>
    internal bool NeedsRelay(string name, string typeName)
    {
        lock (Lock)
        {
            AssertInvariants();
            return !_exports.ContainsKey(name)
                && _subscriptions.TryGetValue(name, out List<OutSubscription>? named)
                && named.Exists(one => one.Request.Type == typeName);
        }
    }

    /// <summary>Sets the state of the subscriptions to a name that is not exported.</summary>
    /// <param name="name">The name.</param>
    /// <param name="typeName">The type of the subscriptions.</param>
    /// <param name="refusal">The reason of a refusal, or null if they wait.</param>
    internal void SetWaiting(string name, string typeName, string? refusal)
    {
        ReadyStreams ready = ReadyStreams.Rent();
        lock (Lock)
        {
            AssertInvariants();
            if (!_exports.ContainsKey(name) && _subscriptions.TryGetValue(name, out List<OutSubscription>? named))
            {
                foreach (OutSubscription one in named.Where(one => one.Request.Type == typeName && one.Stream.CanReply))
                {
                    if (refusal is not null && one.State is OutState.Waiting or OutState.Refused)
                    {
                        Refuse(one, OutState.Refused, refusal, ready);
                    }
                    else if (refusal is null && one.State == OutState.Refused)
                    {
                        one.State = OutState.Waiting;
                        one.Stream.Push(one, OutKind.Withdrawn, content: null);
                        ready.Add(one.Stream);
                    }
                }
            }
        }

        ready.Announce();
    }

    /// <summary>Adds the exports through which the values of a name would travel on if it were relayed.</summary>
    internal void AddWantedPath(string name, string typeName, List<string> path)
    {
        path.Add(NodeOf(name));
        lock (Lock)
        {
            AssertInvariants();
            if (_subscriptions.TryGetValue(name, out List<OutSubscription>? named))
            {
                path.AddRange(named.Where(one => one.Request.Type == typeName).SelectMany(static one => one.Request.Path));
            }
        }
    }

    /// <summary>Returns a name with the exchange, for paths.</summary>
    internal string NodeOf(string name) => $"{Id}/{name}";

    /// <summary>Removes the export of a relay from the name of another export. Called while the lock is held.</summary>
    private bool TryReplaceRelayed(ExportState export, ReadyStreams ready, [NotNullWhen(true)] out ExportState? replaced)
    {
        if (!_exports.TryGetValue(export.Name, out replaced) || replaced.Handle is not RelayedExport)
        {
            return false;
        }

        replaced.Withdraw(ready);
        _exports[export.Name] = export;
        return true;
    }
}
