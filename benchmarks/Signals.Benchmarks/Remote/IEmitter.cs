namespace Signals.Benchmarks.Remote;

/// <summary>The emitting side of one of the compared libraries.</summary>
internal interface IEmitter : IAsyncDisposable
{
    /// <summary>Emits a value to all subscribers.</summary>
    /// <param name="value">The value.</param>
    /// <param name="isLast">Indicates whether no other value follows at once.</param>
    ValueTask EmitAsync(StampedValue value, bool isLast);
}
