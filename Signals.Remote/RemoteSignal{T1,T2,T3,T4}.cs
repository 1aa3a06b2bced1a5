namespace Signals.Remote;

/// <summary>
/// A signal with four arguments of another process. Connecting to it subscribes it; its slots run on the evaluator of the import.
/// </summary>
/// <remarks>See <see cref="RemoteImport"/> for its states, its lifetime and threads.</remarks>
/// <typeparam name="T1">The type of the first argument.</typeparam>
/// <typeparam name="T2">The type of the second argument.</typeparam>
/// <typeparam name="T3">The type of the third argument.</typeparam>
/// <typeparam name="T4">The type of the fourth argument.</typeparam>
public sealed class RemoteSignal<T1, T2, T3, T4> : RemoteImport, ISignal<T1, T2, T3, T4>
{
    private readonly Signal<T1, T2, T3, T4> _signal;
    private readonly ISignalCodec<(T1, T2, T3, T4)> _codec;

    internal RemoteSignal(RemoteImports owner, string name, ISignalCodec<(T1, T2, T3, T4)> codec, ImportOptions options)
        : base(owner, name, codec.TypeName, isProperty: false, options)
    {
        _codec = codec;
        _signal = new Signal<T1, T2, T3, T4>(ReportingOptions());
    }

    /// <summary>Connects a slot object. The first connection subscribes the import.</summary>
    /// <param name="slot">The slot, which is not connected elsewhere.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="slot"/> is null.</exception>
    /// <exception cref="InvalidOperationException"><paramref name="slot"/> has been connected before.</exception>
    /// <exception cref="ObjectDisposedException">The import or its importer has been disposed.</exception>
    public ConnectionHandle Connect(ISlot<T1, T2, T3, T4> slot)
    {
        ThrowIfEnded();
        return _signal.Connect(slot);
    }

    internal override bool Deliver(in InValue value)
    {
        if (!value.TryDecode(_codec, out (T1, T2, T3, T4) decoded))
        {
            return false;
        }

        _signal.Emit(decoded.Item1, decoded.Item2, decoded.Item3, decoded.Item4);
        return true;
    }

    private protected override void EndConnections() => _signal.Dispose();
}
