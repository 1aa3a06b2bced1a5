using System.Buffers;

namespace Signals.Remote;

/// <summary>An emitted value on its way to subscriptions, which share it. Counted, so that its memory can be used again.</summary>
internal abstract class Payload
{
    private int _references;

    /// <summary>Gets the number of bytes. Zero if the value is passed as an object.</summary>
    internal abstract int Length { get; }

    /// <summary>Indicates whether the value is null.</summary>
    internal bool IsNull;

    /// <summary>The number of exchanges through which the value has come.</summary>
    internal int Hops;

    internal void Begin(int hops)
    {
        _references = 1;
        Hops = hops;
    }

    internal void Add() => Interlocked.Increment(ref _references);

    internal void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
        {
            OnUnused();
        }
    }

    /// <summary>Writes the encoded value, for an import of another type with the same encoding.</summary>
    internal abstract void Encode(IBufferWriter<byte> output);

    /// <summary>Determines whether this is the value of another payload.</summary>
    internal virtual bool IsSame(Payload? other) => ReferenceEquals(this, other);

    private protected abstract void OnUnused();
}
