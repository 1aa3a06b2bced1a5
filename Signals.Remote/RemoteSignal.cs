namespace Signals.Remote;

/// <summary>
/// A signal without arguments of another process. Connecting to it subscribes it; its slots run on the evaluator of the import.
/// </summary>
/// <remarks>See <see cref="RemoteImport"/> for its states, its lifetime and threads.</remarks>
public sealed class RemoteSignal : RemoteImport, ISignal
{
    private readonly Signal _signal;

    internal RemoteSignal(RemoteImports owner, string name, ISignalCodec<ValueTuple> codec, ImportOptions options)
        : base(owner, name, codec.TypeName, isProperty: false, options)
    {
        _signal = new Signal(ReportingOptions());
    }

    /// <summary>Connects a slot object. The first connection subscribes the import.</summary>
    /// <param name="slot">The slot, which is not connected elsewhere.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="slot"/> is null.</exception>
    /// <exception cref="InvalidOperationException"><paramref name="slot"/> has been connected before.</exception>
    /// <exception cref="ObjectDisposedException">The import or its importer has been disposed.</exception>
    public ConnectionHandle Connect(ISlot slot)
    {
        ThrowIfEnded();
        return _signal.Connect(slot);
    }

    internal override bool Deliver(in InValue value)
    {
        _signal.Emit();
        return true;
    }

    private protected override void EndConnections() => _signal.Dispose();
}
