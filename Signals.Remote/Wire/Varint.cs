namespace Signals.Remote;

/// <summary>Numbers in the variable-length format of protobuf.</summary>
internal static class Varint
{
    internal const int MaxSize = 10;

    internal static int SizeOf(ulong value)
    {
        int size = 1;
        while (value >= 0x80)
        {
            value >>= 7;
            size++;
        }

        return size;
    }

    internal static int Write(Span<byte> output, ulong value)
    {
        int size = 0;
        while (value >= 0x80)
        {
            output[size++] = (byte)(value | 0x80);
            value >>= 7;
        }

        output[size++] = (byte)value;
        return size;
    }

    internal static bool TryRead(ReadOnlySpan<byte> input, out ulong value, out int size)
    {
        value = 0;
        for (size = 0; size < input.Length && size < MaxSize; size++)
        {
            byte part = input[size];
            value |= (ulong)(part & 0x7F) << (7 * size);
            if (part < 0x80)
            {
                size++;
                return true;
            }
        }

        return false;
    }
}
