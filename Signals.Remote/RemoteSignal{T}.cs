namespace Signals.Remote;

/// <summary>
/// A signal with one argument of another process. Connecting to it subscribes it; its slots run on the evaluator of the import.
/// </summary>
/// <remarks>See <see cref="RemoteImport"/> for its states, its lifetime and threads.</remarks>
/// <typeparam name="T">The type of the argument.</typeparam>
public sealed class RemoteSignal<T> : RemoteImport, ISignal<T>
{
    private readonly Signal<T> _signal;
    private readonly ISignalCodec<T> _codec;

    internal RemoteSignal(RemoteImports owner, string name, ISignalCodec<T> codec, ImportOptions options)
        : base(owner, name, codec.TypeName, isProperty: false, options)
    {
        _codec = codec;
        _signal = new Signal<T>(ReportingOptions());
    }

    /// <summary>Connects a slot object. The first connection subscribes the import.</summary>
    /// <param name="slot">The slot, which is not connected elsewhere.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="slot"/> is null.</exception>
    /// <exception cref="InvalidOperationException"><paramref name="slot"/> has been connected before.</exception>
    /// <exception cref="ObjectDisposedException">The import or its importer has been disposed.</exception>
    public ConnectionHandle Connect(ISlot<T> slot)
    {
        ThrowIfEnded();
        return _signal.Connect(slot);
    }

    internal override bool Deliver(in InValue value)
    {
        if (!value.TryDecode(_codec, out T? decoded))
        {
            return false;
        }

        _signal.Emit(decoded);
        return true;
    }

    private protected override void EndConnections() => _signal.Dispose();
}
