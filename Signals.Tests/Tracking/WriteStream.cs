namespace Signals.Tests.Tracking;

/// <summary>A stream in memory that records the length of each write.</summary>
internal sealed class WriteStream(List<int> lengths) : MemoryStream
{
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        lengths.Add(buffer.Length);
        base.Write(buffer);
    }
}
