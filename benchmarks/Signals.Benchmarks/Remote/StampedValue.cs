using System.Runtime.InteropServices;

namespace Signals.Benchmarks.Remote;

/// <summary>A value of 16 bytes: the time at which it was emitted, on the clock that all processes of the machine share, and its number.</summary>
/// <param name="Timestamp">The time, or zero if it is not measured.</param>
/// <param name="Number">The number, from zero on in each run.</param>
internal readonly record struct StampedValue(long Timestamp, long Number)
{
    /// <summary>The number of bytes of a value.</summary>
    internal const int Size = 2 * sizeof(long);

    internal static StampedValue Read(ReadOnlySpan<byte> bytes) => MemoryMarshal.Read<StampedValue>(bytes);

    internal static StampedValue Of(Guid value) => MemoryMarshal.Read<StampedValue>(MemoryMarshal.AsBytes(new ReadOnlySpan<Guid>(in value)));

    internal void Write(Span<byte> bytes) => MemoryMarshal.Write(bytes, this);

    internal Guid ToGuid() => MemoryMarshal.Cast<StampedValue, Guid>(new ReadOnlySpan<StampedValue>(in this))[0];
}
