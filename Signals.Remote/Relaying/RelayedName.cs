using System.Diagnostics;

namespace Signals.Remote;

/// <summary>
/// A name that is relayed, with the type that importers want. It is imported as a signal, or as a property if it turns out to be one, and exported as soon as it
/// is live. When that ends, it begins anew.
/// </summary>
internal sealed class RelayedName
{
    private readonly RemoteRelay _relay;
    private readonly RemoteExports _exports;
    private readonly RemoteImports _imports;
    private readonly ConnectionEvaluator _evaluator;
    private readonly RelayCodec _codec;

    /// <summary>Guards everything below. No other lock is taken inside it.</summary>
    private readonly Lock _lock = new();
    private RemoteImport? _import;

    /// <summary>Keeps the import subscribed until it is exported.</summary>
    private IDisposable? _hold;
    private ExportState? _export;
    private bool _isEnded;

    internal RelayedName(RemoteRelay relay, RemoteExports exports, RemoteImports imports, ConnectionEvaluator evaluator, string name, string typeName)
    {
        _relay = relay;
        _exports = exports;
        _imports = imports;
        _evaluator = evaluator;
        _codec = new RelayCodec(typeName);
        Name = name;
        TypeName = typeName;
    }

    internal string Name { get; }

    internal string TypeName { get; }

    internal bool IsExported
    {
        get
        {
            lock (_lock)
            {
                AssertInvariants();
                return _export is not null;
            }
        }
    }

    /// <summary>Imports the name. Called while no lock is held: the exchange may ask the user for the right.</summary>
    internal void Begin(bool isProperty = false)
    {
        RemoteImport import;
        try
        {
            var options = new ImportOptions { Evaluator = _evaluator };
            import = isProperty
                ? new RemoteProperty<byte[]?>(_imports, Name, _codec, options) { IsExclusive = true, MoreDownstream = AddDownstreamPath }
                : new RemoteSignal<byte[]?>(_imports, Name, _codec, options) { IsExclusive = true, MoreDownstream = AddDownstreamPath };
        }
        catch (ObjectDisposedException)
        {
            return;
        }

        lock (_lock)
        {
            AssertInvariants();
            if (_isEnded)
            {
                return;
            }

            _import = import;
        }

        IDisposable hold;
        try
        {
            import.Begin();
            import.StateChanged.Connect(state => OnState(import, state));

            // The value of a property comes after the state. The connection is made first: it subscribes, so the value cannot come before it.
            hold = import is RemoteProperty<byte[]?> property
                ? new Connected(property.Connect(_ => OnState(import, RemoteState.Live, hasValue: true)))
                : import.KeepLive();
        }
        catch (ObjectDisposedException)
        {
            return;
        }

        bool isUnneeded;
        lock (_lock)
        {
            AssertInvariants();
            isUnneeded = _import != import || _export is not null;
            if (!isUnneeded)
            {
                _hold = hold;
            }
        }

        if (isUnneeded)
        {
            hold.Dispose();
        }

        // The last importer may have gone meanwhile.
        _relay.OnRemoved(Name, TypeName);
    }

    /// <summary>Ends the import and the export. Further calls do nothing.</summary>
    internal void End() => Take(isEnd: true);

    /// <summary>Adds the exports through which the values will travel on, before they are exported.</summary>
    private void AddDownstreamPath(List<string> path) => _exports.AddWantedPath(Name, TypeName, path);

    /// <summary>Called by the evaluator.</summary>
    private void OnState(RemoteImport import, RemoteState state, bool hasValue = false)
    {
        bool isExported;
        lock (_lock)
        {
            AssertInvariants();
            if (import != _import)
            {
                return;
            }

            isExported = _export is not null;
        }

        switch (state)
        {
            case RemoteState.Live when isExported || (import.IsWithoutValue && !hasValue):
                break;
            case RemoteState.Live when import is not RemoteProperty<byte[]?> && import.Subscription is { IsPropertyThere: true }:
                BeginAnew(isProperty: true);
                break;
            case RemoteState.Live:
                Export(import);
                break;
            case RemoteState.Idle or RemoteState.Ended:
                if (import.State is RemoteState.Idle or RemoteState.Ended)
                {
                    _relay.Remove(this);
                }

                break;
            default:
                if (isExported)
                {
                    BeginAnew(isProperty: false);
                }
                else
                {
                    _exports.SetWaiting(Name, TypeName, state == RemoteState.Refused ? import.StateReason ?? "refused" : null);
                }

                break;
        }
    }

    private void Export(RemoteImport import)
    {
        RemoteGrant granted = import.Granted ?? new RemoteGrant(RemoteOverflow.DropOldest, 1, RemoteReplay.None, 0);
        var options = new ExportOptions
        {
            Overflow = granted.Overflow,
            Capacity = Math.Max(1, granted.Capacity),
            Replay = granted.Replay,
            ReplayCount = Math.Max(1, granted.ReplayCount),
        };
        var handle = new RelayedExport(Name, import);
        var export = new ExportState<byte[]?>(_exports, Name, (ISignal<byte[]?>)import, plain: null, _codec, options, import) { Handle = handle };
        handle.State = export;
        bool isEnded;
        lock (_lock)
        {
            AssertInvariants();
            isEnded = _isEnded;
            _export = isEnded ? null : export;
        }

        if (isEnded)
        {
            return;
        }

        if (_exports.TryAddRelayed(export, out string? circle))
        {
            Release();
        }
        else if (circle is not null)
        {
            lock (_lock)
            {
                AssertInvariants();
                _export = null;
            }

            _exports.SetWaiting(Name, TypeName, circle);
        }
        else
        {
            // Exported otherwise.
            _relay.Remove(this);
        }
    }

    /// <summary>Lets the export keep the import subscribed.</summary>
    private void Release()
    {
        IDisposable? hold;
        lock (_lock)
        {
            AssertInvariants();
            hold = _hold;
            _hold = null;
        }

        hold?.Dispose();
    }

    /// <summary>Ends the import and the export, and imports again, on another thread, since that may run code of the user.</summary>
    private void BeginAnew(bool isProperty)
    {
        Take(isEnd: false);
        ThreadPool.UnsafeQueueUserWorkItem(static begun => begun.Name.Begin(begun.IsProperty), (Name: this, IsProperty: isProperty), preferLocal: false);
    }

    private void Take(bool isEnd)
    {
        RemoteImport? import;
        ExportState? export;
        IDisposable? hold;
        lock (_lock)
        {
            AssertInvariants();
            (import, export, hold) = (_import, _export, _hold);
            (_import, _export, _hold) = (null, null, null);
            _isEnded |= isEnd;
        }

        if (export is not null)
        {
            _exports.Withdraw(export);
        }

        hold?.Dispose();
        import?.Dispose();
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(_import is not null || (_export is null && _hold is null), "What is exported or held is an import.");
        Debug.Assert(!_isEnded || _import is null);
    }

    private sealed class Connected(ConnectionHandle connection) : IDisposable
    {
        public void Dispose() => connection.Disconnect();
    }
}
