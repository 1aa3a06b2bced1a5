namespace Signals.Remote;

/// <summary>An export of values of a type.</summary>
internal sealed class ExportState<T> : ExportState
{
    private readonly ISignal<T> _signal;
    private readonly ISignalCodec<T> _codec;

    /// <summary>The connection for the values, and that by which a property reports its disposal. Only the updating thread uses them.</summary>
    private ConnectionHandle _values;
    private ConnectionHandle _end;

    /// <summary>The connection for the gaps of an import.</summary>
    private ConnectionHandle _gaps;

    /// <summary>The slot of a property is called with the current value first.</summary>
    private volatile bool _isFirstCall;

    internal ExportState(
        RemoteExports owner,
        string name,
        ISignal<T> signal,
        SignalBase? plain,
        ISignalCodec<T> codec,
        ExportOptions options,
        RemoteImport? source
    )
        : base(owner, name, RemoteNames.CheckTypeName(codec.TypeName, nameof(codec)), signal is IReadOnlyProperty<T>, options, source)
    {
        _signal = signal;
        _codec = codec;
        IsAlwaysConnected = plain is { HasConnectionHandlers: false } && !IsProperty;
    }

    internal ISignalCodec<T> Codec => _codec;

    private protected override bool IsAlwaysConnected { get; }

    private protected override void Connect()
    {
        if (SourceImport is { } import)
        {
            _gaps = PlainConnections.Connect(import.Missed, OnSourceMissed);
        }

        if (_signal is not IReadOnlyProperty<T> property)
        {
            _values = _signal.Connect(new Slot(this));
            return;
        }

        _end = property.Connect(new Slot(this));
        try
        {
            _isFirstCall = true;
            _values = property.ConnectWithCurrent(OnProperty);
        }
        catch (Exception exception) when (exception is not ObjectDisposedException)
        {
            // A computation that throws now may have a value later.
            Handle.OnFailed(exception);
            _isFirstCall = false;
            _values = PlainConnections.Connect(property, OnProperty);
        }
    }

    private protected override void Disconnect()
    {
        _gaps.Disconnect();
        _end.Disconnect();
        _values.Disconnect();
    }

    private void OnProperty(T value)
    {
        if (_isFirstCall)
        {
            _isFirstCall = false;
            Payload? current = Encode(value);
            SetCurrent(current);
            current?.Release();
        }
        else
        {
            Emit(value);
        }
    }

    private void Emit(T value)
    {
        if (RemoteHops.Current > RemoteHops.Max)
        {
            Handle.OnFailed(
                new InvalidOperationException($"A value of {Name} has come through more than {RemoteHops.Max} exchanges: it travels in a circle.")
            );
            return;
        }

        Payload? payload = Encode(value);
        int tooLarge = Emit(payload);
        payload?.Release();
        if (tooLarge > 0)
        {
            Handle.OnFailed(new InvalidOperationException($"A value of {Name} with {tooLarge} bytes is too large for the exchange."));
        }
    }

    /// <summary>Encodes a value once for all subscriptions. Returns null if the codec cannot.</summary>
    private Payload? Encode(T value)
    {
        Payload payload;
        if (Owner.PassesObjects)
        {
            payload = new DirectPayload<T>(value, _codec) { IsNull = value is null };
        }
        else
        {
            EncodedPayload encoded = Owner.Payloads.Rent();
            try
            {
                // Not assigned: the comparison would box the value in code that is not optimized.
                if (value is null)
                {
                    encoded.IsNull = true;
                }
                else
                {
                    _codec.Encode(value, encoded);
                }
            }
            catch (Exception exception)
            {
                Handle.OnFailed(exception);
                return null;
            }

            payload = encoded;
        }

        payload.Begin(RemoteHops.Current);
        return payload;
    }

    /// <summary>
    /// Slot for the values of a signal, or that hears that a property was disposed. A slot object is used for one connection.
    /// </summary>
    private sealed class Slot(ExportState<T> export) : ISlot<T>
    {
        private readonly bool _hasValues = !export.IsProperty;

        public void Invoke(T value)
        {
            if (_hasValues && !export.TryCount())
            {
                export.Emit(value);
            }
        }

        public void OnConnected(ConnectionHandle connection) { }

        public void OnDisconnected(bool isSignalDisposed)
        {
            if (isSignalDisposed)
            {
                export.Owner.Withdraw(export);
            }
        }
    }
}
