using System.Buffers;
using System.Collections.Frozen;
using Google.Protobuf;
using Signals.Ipc.Wire;

namespace Signals.Ipc.Framing;

/// <summary>Checks and encodes the headers of calls.</summary>
internal static class CallHeaders
{
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    /// <summary>Gets the headers of a call that has none.</summary>
    internal static IReadOnlyDictionary<string, string> None { get; } = FrozenDictionary<string, string>.Empty;

    internal static bool IsName(string name) => name.Length != 0 && !name.AsSpan().ContainsAnyExcept(NameCharacters);

    internal static bool IsValue(string value) => !value.Any(char.IsControl);

    /// <summary>Encodes headers as fields of a call.</summary>
    /// <exception cref="ArgumentException">A name or a value is not allowed, or all together are too large.</exception>
    internal static byte[] Encode(IReadOnlyDictionary<string, string>? headers)
    {
        if (headers is null || headers.Count == 0)
        {
            return [];
        }

        var call = new IPCFrame.Types.InvokeMethod();
        foreach ((string name, string value) in headers)
        {
            if (name is null || !IsName(name))
            {
                throw new ArgumentException($"'{name}' is not a name of a header: it consists of a-z, 0-9, '.', '_' and '-'.", nameof(headers));
            }

            if (value is null || !IsValue(value))
            {
                throw new ArgumentException($"The value of header {name} is null or has control characters.", nameof(headers));
            }

            if (name.Equals("traceparent", StringComparison.OrdinalIgnoreCase) || name.Equals("tracestate", StringComparison.OrdinalIgnoreCase))
            {
                throw new ArgumentException($"The header {name} is reserved for the trace context.", nameof(headers));
            }

            call.Headers.Add(new IPCFrame.Types.CallHeader { Name = name, Value = value }.ToByteString());
        }

        int size = call.CalculateSize();
        return size <= CallExtensions.MaxSize
            ? call.ToByteArray()
            : throw new ArgumentException($"The headers take {size} bytes; the limit is {CallExtensions.MaxSize}.", nameof(headers));
    }
}
