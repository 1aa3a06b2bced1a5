using System.Buffers;

namespace Signals.Remote;

/// <summary>A value as bytes.</summary>
internal sealed class EncodedPayload(PayloadPool pool) : Payload, IBufferWriter<byte>
{
    private const int SmallSize = 32;

    private byte[] _bytes = [];
    private int _length;

    internal override int Length => _length;

    internal ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    internal int Capacity => _bytes.Length;

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _bytes.Length - _length);
        _length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(_length);
    }

    internal override void Encode(IBufferWriter<byte> output) => output.Write(Bytes);

    internal void Reset()
    {
        _length = 0;
        IsNull = false;
    }

    private protected override void OnUnused() => pool.Return(this);

    private void Reserve(int sizeHint)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        int needed = Math.Max(sizeHint, 1);
        if (_bytes.Length - _length < needed)
        {
            Array.Resize(ref _bytes, Math.Max(Math.Max(SmallSize, _bytes.Length * 2), checked(_length + needed)));
        }
    }
}
