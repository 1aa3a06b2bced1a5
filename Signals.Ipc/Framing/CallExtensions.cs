using Google.Protobuf;
using Signals.Ipc.Guards;
using Signals.Ipc.Interceptors;
using Signals.Ipc.Wire;

namespace Signals.Ipc.Framing;

/// <summary>The extension fields of a received call: the time that is left, and the headers.</summary>
internal sealed class CallExtensions
{
    /// <summary>The maximum number of bytes of the extension fields of a call.</summary>
    internal const int MaxSize = 8 * 1024;

    private static readonly uint TimeoutTag = WireReader.VarintTag(IPCFrame.Types.InvokeMethod.TimeoutUsFieldNumber);
    private static readonly uint HeadersTag = WireReader.LengthDelimitedTag(IPCFrame.Types.InvokeMethod.HeadersFieldNumber);

    /// <summary>Maximum number of bytes of memory for one encoded byte of a header: a short one becomes two strings and an entry of a table.</summary>
    private const int LargestGrowth = 16;

    private CallExtensions(TimeSpan? timeout, IReadOnlyDictionary<string, string>? headers, TraceContext? trace, int size)
    {
        Bytes = (long)size * LargestGrowth;
        Timeout = timeout;
        Headers = headers;
        Trace = trace;
    }

    /// <summary>Gets the maximum number of bytes of memory that the headers take.</summary>
    internal long Bytes { get; }

    /// <summary>Gets the time that was left for the call when it was sent, or null if there is no limit.</summary>
    internal TimeSpan? Timeout { get; }

    /// <summary>Gets the headers, or null if there are none.</summary>
    internal IReadOnlyDictionary<string, string>? Headers { get; }

    /// <summary>Gets the trace context, or null if there is none.</summary>
    internal TraceContext? Trace { get; }

    /// <summary>Returns the extensions of a call that a test makes.</summary>
    internal static CallExtensions Of(IReadOnlyDictionary<string, string> headers) =>
        new(timeout: null, new Dictionary<string, string>(headers, StringComparer.OrdinalIgnoreCase), trace: null, size: 0);

    /// <summary>Reads the extensions from the fields of a call, which have been parsed before. Odd ones count as absent.</summary>
    internal static CallExtensions? Read(ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body);
        TimeSpan? timeout = null;
        Dictionary<string, string>? headers = null;
        int size = 0;
        while (!reader.IsAtEnd && reader.TryReadTag(out uint tag))
        {
            if (tag == TimeoutTag && reader.TryReadVarint(out ulong microseconds))
            {
                timeout = microseconds < (ulong)Duration.Longest.TotalMicroseconds ? TimeSpan.FromMicroseconds(microseconds) : null;
            }
            else if (tag == HeadersTag && reader.TryReadBytes(out ReadOnlySpan<byte> header))
            {
                size += WireWriter.SizeOfExtension(header);
                if (size <= MaxSize)
                {
                    Add(header, ref headers);
                }
            }
            else if (tag != TimeoutTag && tag != HeadersTag && !reader.TrySkip(tag, depth: 1))
            {
                break;
            }
        }

        // Headers that are too large together count as absent together, so that none of them is taken for all.
        headers = size <= MaxSize ? headers : null;
        TraceContext? trace = headers is null ? null : TakeTrace(headers);
        headers = headers is { Count: 0 } ? null : headers;
        return timeout is null && headers is null && trace is null
            ? null
            : new CallExtensions(timeout, headers, trace, headers is null && trace is null ? 0 : size);
    }

    /// <summary>Takes the trace context out of the headers. An odd one counts as absent.</summary>
    private static TraceContext? TakeTrace(Dictionary<string, string> headers)
    {
        headers.Remove(TraceContext.StateHeader, out string? state);
        return headers.Remove(TraceContext.ParentHeader, out string? parent) ? TraceContext.Of(parent, state) : null;
    }

    private static void Add(ReadOnlySpan<byte> encoded, ref Dictionary<string, string>? headers)
    {
        IPCFrame.Types.CallHeader header;
        try
        {
            header = IPCFrame.Types.CallHeader.Parser.ParseFrom(encoded);
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidOperationException)
        {
            return;
        }

        if (CallHeaders.IsName(header.Name) && CallHeaders.IsValue(header.Value))
        {
            headers ??= new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            headers[header.Name] = header.Value;
        }
    }
}
