namespace Signals.Benchmarks.Publishers;

/// <summary>An emitter that slots can be connected to.</summary>
internal interface IPublisher<TSelf, THandle, T> : IEmitter<T>
    where TSelf : struct, IPublisher<TSelf, THandle, T>
    where THandle : struct
{
    static abstract PeerKind Kind { get; }

    /// <summary>Gets a value that indicates whether the caller of Connect needs more than the slot in order to disconnect.</summary>
    static abstract bool NeedsHandle { get; }

    static abstract TSelf Create();

    THandle Connect(Action<T> slot);

    void Disconnect(THandle handle);
}
