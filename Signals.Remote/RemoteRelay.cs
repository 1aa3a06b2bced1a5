using System.Diagnostics;

namespace Signals.Remote;

/// <summary>
/// Lets the importers of one exchange import what can be imported from another, without knowing the names and types before: an exchange between exchanges. A
/// name is imported while an importer wants it that nothing else is exported under.
/// </summary>
/// <remarks>
/// <para>One owner has a name: the first exporter that grants it, until it withdraws it or has gone. Values are passed on encoded. The rights are those of the
/// exporter, to which the relay is the subscriber.</para>
/// <para>What is missed on the way is told to the importers. When the owner has gone, they are <see cref="RemoteState.Waiting"/>, and live with a gap when the
/// name is exported again. Requests to set a property are passed on.</para>
/// <para>All members are thread-safe.</para>
/// </remarks>
public sealed class RemoteRelay : IDisposable
{
    private readonly RemoteExports _exports;
    private readonly RemoteImports _imports;
    private readonly ThreadPoolEvaluator _evaluator = new(new ConnectionEvaluatorOptions { ExceptionHandler = static _ => { } });

    /// <summary>Guards everything below. Inside it, the locks of a name and of the exports are taken, in which no lock of a relay is.</summary>
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Name, string TypeName), RelayedName> _names = [];
    private bool _isDisposed;

    /// <summary>Begins to relay.</summary>
    /// <param name="exports">The exports to whose importers the names are given. They have one relay at most.</param>
    /// <param name="imports">The imports from which they come.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidOperationException"><paramref name="exports"/> have a relay already.</exception>
    public RemoteRelay(RemoteExports exports, RemoteImports imports)
    {
        ArgumentNullException.ThrowIfNull(exports);
        ArgumentNullException.ThrowIfNull(imports);
        _exports = exports;
        _imports = imports;
        exports.SetRelay(this);
    }

    /// <summary>Gets the number of names that importers want, with each of their types.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                AssertInvariants();
                return _names.Count;
            }
        }
    }

    /// <summary>Ends relaying: importers of relayed names wait for another export. Further calls do nothing.</summary>
    public void Dispose()
    {
        RelayedName[] names;
        lock (_lock)
        {
            AssertInvariants();
            _isDisposed = true;
            names = [.. _names.Values];
            _names.Clear();
        }

        Array.ForEach(names, static name => name.End());
        _evaluator.Dispose();
    }

    /// <summary>Imports a name that an importer wants, unless it is imported. Called while no lock is held.</summary>
    internal void Want(string name, string typeName)
    {
        if (typeName.Length == 0)
        {
            return;
        }

        RelayedName made;
        lock (_lock)
        {
            AssertInvariants();
            if (_isDisposed || _names.ContainsKey((name, typeName)))
            {
                return;
            }

            made = new RelayedName(this, _exports, _imports, _evaluator, name, typeName);
            _names.Add((name, typeName), made);
        }

        made.Begin();
    }

    /// <summary>Ends a name that no importer wants any more, unless it is exported: then it ends with that. Called while no lock is held.</summary>
    internal void OnRemoved(string name, string typeName)
    {
        RelayedName? known;
        lock (_lock)
        {
            AssertInvariants();

            // Under the lock: an importer that comes now finds the name, or wants it anew.
            if (!_names.TryGetValue((name, typeName), out known) || known.IsExported || _exports.IsWanted(name, typeName))
            {
                return;
            }

            _names.Remove((name, typeName));
        }

        known.End();
    }

    /// <summary>Ends a name, and begins anew if an importer wants it.</summary>
    internal void Remove(RelayedName ended)
    {
        bool isRemoved;
        lock (_lock)
        {
            AssertInvariants();
            (string Name, string TypeName) key = (ended.Name, ended.TypeName);
            isRemoved = _names.TryGetValue(key, out RelayedName? known) && known == ended && _names.Remove(key);
        }

        ended.End();
        if (isRemoved && _exports.NeedsRelay(ended.Name, ended.TypeName))
        {
            Want(ended.Name, ended.TypeName);
        }
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(!_isDisposed || _names.Count == 0);
    }
}
