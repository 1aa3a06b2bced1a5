using Google.Protobuf;
using Signals.Remote.Wire;

namespace Signals.Remote;

/// <summary>
/// A property of another process. It is subscribed while something is connected to it, or an observed computed property or an effect reads it; its value
/// changes on the evaluator of the import, just before its slots run.
/// </summary>
/// <remarks>
/// See <see cref="RemoteImport"/> for its states, its lifetime and threads. The value can be read in any state: it is the last one that has arrived. A thread of
/// the pool notices the first connection and the end of the last one, so the state follows them shortly afterwards.
/// </remarks>
/// <typeparam name="T">The type of the value.</typeparam>
public sealed class RemoteProperty<T> : RemoteImport, IReadOnlyProperty<T>
{
    private readonly Property<T> _value;
    private readonly ISignalCodec<T> _codec;
    private volatile bool _hasValue;

    internal RemoteProperty(RemoteImports owner, string name, ISignalCodec<T> codec, ImportOptions options)
        : base(owner, name, codec.TypeName, isProperty: true, options)
    {
        _codec = codec;
        _value = new Property<T>(default!, OnConnected, EachIsAChange.Instance);
    }

    /// <summary>Gets the last value that has arrived. Until the first one, it is the default value of its type.</summary>
    public T Value => _value.Value;

    /// <summary>Gets a value that indicates whether a value has arrived.</summary>
    public bool HasValue => _hasValue;

    internal override bool IsWithoutValue => !_hasValue;

    /// <inheritdoc/>
    public T Peek() => _value.Peek();

    /// <inheritdoc/>
    public ConnectionHandle Connect(ISlot<T> slot)
    {
        ThrowIfEnded();
        return _value.Connect(slot);
    }

    /// <inheritdoc/>
    public ConnectionHandle ConnectWithCurrent(Action<T> slot)
    {
        ThrowIfEnded();
        return _value.ConnectWithCurrent(slot);
    }

    /// <summary>
    /// Asks the exporter to set the property. The value that it stores also arrives as a change. The import is subscribed meanwhile, and the request is made
    /// when it is live.
    /// </summary>
    /// <param name="value">The value to set.</param>
    /// <param name="cancellationToken">The token that cancels the wait. A request that was sent may be carried out nevertheless.</param>
    /// <returns>The value that the exporter has stored.</returns>
    /// <exception cref="RemoteRefusedException">The exporter refuses the request or the subscription, or the connection to it was lost.</exception>
    /// <exception cref="NotSupportedException">The exchange cannot do this.</exception>
    /// <exception cref="ObjectDisposedException">The import or its importer has been disposed.</exception>
    /// <exception cref="OperationCanceledException">The wait was canceled.</exception>
    public async Task<T> RequestSetAsync(T value, CancellationToken cancellationToken = default)
    {
        if (!Owner.Capabilities.HasFlag(RemoteCapabilities.Setting))
        {
            throw new NotSupportedException("Properties cannot be set through this exchange.");
        }

        var request = new SetRequest { Name = Name, Type = _codec.TypeName };
        if (value is null)
        {
            request.IsNull = true;
        }
        else
        {
            request.Value = _codec.ToByteString(value);
        }

        using IDisposable held = KeepLive();
        await WaitUntilLiveAsync(cancellationToken).ConfigureAwait(false);
        SetReply reply;
        try
        {
            ReadOnlyMemory<byte> bytes = await CallAsync(RemoteOperation.RequestSet, request.ToByteArray(), cancellationToken).ConfigureAwait(false);
            reply = SetReply.Parser.ParseFrom(bytes.Span);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or RemoteRefusedException))
        {
            throw new RemoteRefusedException($"Setting {Name} has failed: {exception.Message}", exception);
        }

        return reply.HasRefused
            ? throw new RemoteRefusedException($"Setting {Name} is refused: {reply.Refused}")
            : new InValue(reply.Value.Span, direct: null, reply.IsNull).Decode(_codec);
    }

    internal override bool Deliver(in InValue value)
    {
        if (!value.TryDecode(_codec, out T? decoded))
        {
            return false;
        }

        try
        {
            Store(decoded);
        }
        finally
        {
            OnChanged();
        }

        return true;
    }

    private protected override void EndConnections() => _value.Dispose();

    private void Store(T value)
    {
        if (_hasValue)
        {
            _value.Value = value;
            return;
        }

        // Stored and known before the slots run: a slot of the first value reads both.
        using PropertyBatch batch = Property.Batch();
        _value.Value = value;
        _hasValue = true;
    }

    /// <summary>Comparer for which no two values are equal: the exporter has decided that they differ.</summary>
    private sealed class EachIsAChange : IEqualityComparer<T>
    {
        internal static readonly EachIsAChange Instance = new();

        public bool Equals(T? x, T? y) => false;

        public int GetHashCode(T value) => 0;
    }
}
