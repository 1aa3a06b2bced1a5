using System.Buffers;

namespace Signals.Remote;

/// <summary>A value as the object itself, for an exchange within a process.</summary>
internal sealed class DirectPayload<T>(T value, ISignalCodec<T> codec) : Payload
{
    internal T Value => value;

    internal override int Length => 0;

    internal override void Encode(IBufferWriter<byte> output) => codec.Encode(value, output);

    internal override bool IsSame(Payload? other) => other is DirectPayload<T> same && EqualityComparer<T>.Default.Equals(value, same.Value);

    private protected override void OnUnused() { }
}
