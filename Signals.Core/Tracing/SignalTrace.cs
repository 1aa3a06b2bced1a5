namespace Signals;

/// <summary>
/// Records the emissions and slots of the process in a file that <see href="https://ui.perfetto.dev">ui.perfetto.dev</see> and Perfetto's
/// <c>trace_processor</c> open: a slice for each emission, each slot and each run of a deferred slot, an arrow from the emission to that run, and the number of
/// pending invocations of each evaluator.
/// </summary>
/// <remarks>
/// <para>A trace needs the switch of the tracker: see <see cref="SignalTracker.IsSupported"/>. Only one trace can be active at a time. Emissions of signals
/// without connections, and connections that were made to signals of other classes, are not recorded.</para>
/// <para>Each thread has a buffer of a fixed size, which a thread of the trace writes to the file at intervals, in whole packets. If it cannot keep up, events are
/// dropped and counted. The trace ends when it is disposed, when writing fails, or when the process exits.</para>
/// <para>All members are thread-safe.</para>
/// </remarks>
public sealed class SignalTrace : IDisposable
{
    private static SignalTrace? _current;

    private readonly TraceWriter _writer;
    private readonly int _eventsPerThread;

    /// <summary>The number of the last sequence of packets.</summary>
    private uint _lastSequence = TraceEncoder.OwnSequence;

    private SignalTrace(Stream stream, bool ownsStream, SignalTraceOptions options)
    {
        _eventsPerThread = options.EventsPerThread;
        _writer = new TraceWriter(this, stream, ownsStream, options.FlushInterval);
    }

    /// <summary>Gets the number of events that were dropped because the buffer of their thread was full. The trace contains it, too, as a counter.</summary>
    public long DroppedCount => _writer.DroppedCount;

    /// <summary>Gets the exception with which writing failed and the trace ended, or null.</summary>
    public Exception? Failure => _writer.Failure;

    /// <summary>Gets the active trace, or null.</summary>
    internal static SignalTrace? Current => Volatile.Read(ref _current);

    /// <summary>Gets the number with which the identifiers of flows begin, so that traces of several processes can be put together.</summary>
    internal ulong FlowBase { get; } = (ulong)Random.Shared.NextInt64();

    /// <summary>Starts a trace that is written to a file.</summary>
    /// <param name="path">The path of the file, which is replaced if it exists. By convention, its extension is <c>.pftrace</c>.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <returns>The trace, which ends when it is disposed.</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null or empty.</exception>
    /// <exception cref="InvalidOperationException">
    /// The tracker is not supported in this process: see <see cref="SignalTracker.IsSupported"/>. Or another trace is active.
    /// </exception>
    /// <exception cref="IOException">The file cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be created.</exception>
    public static SignalTrace Start(string path, SignalTraceOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ThrowIfImpossible();

        // Without a buffer: what has been written is in the file even if the process is killed.
        var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        return Start(file, ownsStream: true, options);
    }

    /// <summary>Starts a trace that is written to a stream.</summary>
    /// <param name="stream">The stream, which a thread of the trace writes to and flushes. It is not disposed.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <returns>The trace, which ends when it is disposed.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="stream"/> cannot be written to.</exception>
    /// <exception cref="InvalidOperationException">
    /// The tracker is not supported in this process: see <see cref="SignalTracker.IsSupported"/>. Or another trace is active.
    /// </exception>
    public static SignalTrace Start(Stream stream, SignalTraceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanWrite)
        {
            throw new ArgumentException("The stream cannot be written to.", nameof(stream));
        }

        ThrowIfImpossible();
        return Start(stream, ownsStream: false, options);
    }

    /// <summary>Waits until all events that have been recorded so far are written. Does nothing if the trace has ended.</summary>
    public void Flush() => _writer.Flush();

    /// <summary>
    /// Ends the trace: waits until all events are written, and closes the file. Slices that are open remain without an end in the trace. Further calls do nothing.
    /// </summary>
    public void Dispose()
    {
        Detach();
        _writer.Stop();
    }

    /// <summary>Adds the buffer of the current thread.</summary>
    internal TraceBuffer Add(Func<SignalTrace, TraceSequence, int, TraceBuffer> create)
    {
        TraceBuffer buffer = create(this, new TraceSequence(Interlocked.Increment(ref _lastSequence)), _eventsPerThread);
        _writer.Add(buffer);
        return buffer;
    }

    /// <summary>Called by a thread that has begun a slice.</summary>
    internal void OnAdded(long used, int capacity)
    {
        if (used > capacity / 2)
        {
            WakeWriter();
        }
    }

    /// <summary>Makes the writer write soon.</summary>
    internal void WakeWriter() => _writer.Wake();

    /// <summary>Ends the recording. Called also by the writer when it has failed.</summary>
    internal void Detach() => Interlocked.CompareExchange(ref _current, null, this);

    private static SignalTrace Start(Stream stream, bool ownsStream, SignalTraceOptions? options)
    {
        var trace = new SignalTrace(stream, ownsStream, options ?? new SignalTraceOptions());
        if (Interlocked.CompareExchange(ref _current, trace, null) is not null)
        {
            if (ownsStream)
            {
                stream.Dispose();
            }

            throw OtherIsActive();
        }

        trace._writer.Start();
        return trace;
    }

    private static void ThrowIfImpossible()
    {
        SignalTracker.ThrowIfUnsupported();
        if (Current is not null)
        {
            throw OtherIsActive();
        }
    }

    private static InvalidOperationException OtherIsActive() => new("Another trace is active in this process. Dispose it before another one starts.");
}
