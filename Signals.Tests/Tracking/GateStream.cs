namespace Signals.Tests.Tracking;

/// <summary>A stream in memory whose writes a test holds up, or lets fail.</summary>
internal sealed class GateStream : MemoryStream
{
    private readonly ManualResetEventSlim _isOpen = new(true);
    private readonly ManualResetEventSlim _isInside = new();

    internal Exception? Failure { get; init; }

    internal Action? OnWrite { get; set; }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (Failure is not null)
        {
            throw Failure;
        }

        if (!_isOpen.IsSet)
        {
            _isInside.Set();
            Bounded.Wait(_isOpen, "the test to open the stream");
        }

        OnWrite?.Invoke();
        base.Write(buffer);
    }

    /// <summary>Holds up the next write, and returns when the writer of a trace is inside of it.</summary>
    internal void Close(SignalTrace trace)
    {
        _isOpen.Reset();
        trace.WakeWriter();
        Bounded.Wait(_isInside, "a write");
    }

    internal void Open() => _isOpen.Set();

    protected override void Dispose(bool disposing)
    {
        _isOpen.Dispose();
        _isInside.Dispose();
        base.Dispose(disposing);
    }
}
