using System.Buffers;
using System.Collections.Frozen;
using Google.Protobuf;
using Signals.Ipc.Interceptors;
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

    /// <summary>Returns a value that indicates whether a name is reserved for the trace context.</summary>
    internal static bool IsReserved(string name) =>
        name.Equals(TraceContext.ParentHeader, StringComparison.OrdinalIgnoreCase)
        || name.Equals(TraceContext.StateHeader, StringComparison.OrdinalIgnoreCase);

    /// <summary>Checks a header of a user.</summary>
    /// <exception cref="ArgumentException">The name or the value is not allowed.</exception>
    internal static void Check(string? name, string? value, string parameter)
    {
        if (name is null || !IsName(name))
        {
            throw new ArgumentException($"'{name}' is not a name of a header: it consists of a-z, 0-9, '.', '_' and '-'.", parameter);
        }

        if (value is null || !IsValue(value))
        {
            throw new ArgumentException($"The value of header {name} is null or has control characters.", parameter);
        }

        if (IsReserved(name))
        {
            throw new ArgumentException($"The header {name} is reserved for the trace context.", parameter);
        }
    }

    /// <summary>Encodes headers as fields of a call. A trace context for which there is no room is left out.</summary>
    /// <exception cref="ArgumentException">A name or a value is not allowed, or all together are too large.</exception>
    internal static byte[] Encode(IReadOnlyDictionary<string, string>? headers, TraceContext? trace)
    {
        if (headers is null or { Count: 0 } && trace is null)
        {
            return [];
        }

        var call = new IPCFrame.Types.InvokeMethod();
        foreach ((string name, string value) in headers ?? None)
        {
            Check(name, value, nameof(headers));
            call.Headers.Add(new IPCFrame.Types.CallHeader { Name = name, Value = value }.ToByteString());
        }

        int size = call.CalculateSize();
        if (size > CallExtensions.MaxSize)
        {
            throw new ArgumentException($"The headers take {size} bytes; the limit is {CallExtensions.MaxSize}.", nameof(headers));
        }

        if (trace is not null && TryAdd(call, TraceContext.ParentHeader, trace.Parent) && trace.State is { Length: > 0 } state && IsValue(state))
        {
            TryAdd(call, TraceContext.StateHeader, state);
        }

        return call.ToByteArray();
    }

    /// <summary>Adds a header if there is room for it.</summary>
    private static bool TryAdd(IPCFrame.Types.InvokeMethod call, string name, string value)
    {
        call.Headers.Add(new IPCFrame.Types.CallHeader { Name = name, Value = value }.ToByteString());
        if (call.CalculateSize() <= CallExtensions.MaxSize)
        {
            return true;
        }

        call.Headers.RemoveAt(call.Headers.Count - 1);
        return false;
    }
}
