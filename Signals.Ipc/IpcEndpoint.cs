using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace Signals.Ipc;

/// <summary>
/// Represents the endpoint that a host listens on: a socket file (<c>/run/app.sock</c>, <c>app.sock</c>), a Linux abstract socket (<c>@app</c>), TCP
/// (<c>127.0.0.1:8080</c>, <c>localhost:8080</c>, <c>[::1]:8080</c>), or a name within the process (<c>memory:app</c>).
/// </summary>
/// <remarks>
/// Text that contains a slash and begins neither with <c>@</c> nor with <c>memory:</c> is a path: <c>./a:1</c> is a file, whereas <c>a:1</c> is TCP.
/// </remarks>
public readonly struct IpcEndpoint : IEquatable<IpcEndpoint>, ISpanParsable<IpcEndpoint>
{
    /// <summary>The maximum number of bytes, in UTF-8, of a socket's path or abstract name: the system's limit.</summary>
    public const int MaxPathBytes = 107;

    private const string Allowed =
        "Use a socket file (\"/run/app.sock\", \"app.sock\"), an abstract socket (\"@name\"), TCP (\"host:port\", \"[::1]:port\") or a name within the process (\"memory:name\").";

    /// <summary>The start of the text of an in-memory endpoint.</summary>
    private const string InMemoryPrefix = "memory:";

    private static readonly SearchValues<char> SchemeCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

    private readonly string? _text;

    /// <summary>The offset of the port in the text of a TCP endpoint; zero for other endpoints.</summary>
    private readonly int _portIndex;

    private IpcEndpoint(string text, int portIndex = 0)
    {
        _text = text;
        _portIndex = portIndex;
    }

    /// <summary>Gets a value that indicates whether this is a TCP endpoint.</summary>
    public bool IsTcp => _portIndex != 0;

    /// <summary>Gets a value that indicates whether this is a Linux abstract socket.</summary>
    public bool IsAbstract => !IsTcp && _text is ['@', ..];

    /// <summary>Gets a value that indicates whether this is an in-memory endpoint; see <see cref="InMemory"/>.</summary>
    public bool IsInMemory => _text?.StartsWith(InMemoryPrefix, StringComparison.Ordinal) == true;

    /// <summary>Gets the path of the socket file, or null if the endpoint is not a socket file.</summary>
    public string? Path => IsTcp || IsAbstract || IsInMemory ? null : _text;

    /// <summary>Gets the TCP host, or null if the endpoint is not TCP. The brackets of an IPv6 address are removed.</summary>
    public string? Host => IsTcp ? _text![..(_portIndex - 1)].Trim('[', ']') : null;

    /// <summary>Gets the TCP port, or null if the endpoint is not TCP. A host that listens on port 0 lets the system choose the port.</summary>
    public int? Port => IsTcp ? int.Parse(_text.AsSpan(_portIndex), CultureInfo.InvariantCulture) : null;

    /// <summary>Creates an endpoint for a socket file.</summary>
    /// <param name="path">
    /// The path. If <see cref="Parse"/> would not read it as a path (<c>@app</c>, <c>a:1</c>, <c>memory:a</c>), <c>./</c> is prepended.
    /// </param>
    /// <returns>The endpoint.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="path"/> is empty, contains a null character, or is longer than <see cref="MaxPathBytes"/>.
    /// </exception>
    public static IpcEndpoint UnixSocket(string path)
    {
        ThrowIfNotName(path);
        bool isPath = path[0] != '@' && (path.Contains('/') || !path.Contains(':')) && !path.StartsWith(InMemoryPrefix, StringComparison.Ordinal);
        return new IpcEndpoint(isPath ? path : $"./{path}").ThrowIfTooLong(nameof(path));
    }

    /// <summary>Creates an endpoint for a Linux abstract socket.</summary>
    /// <param name="name">The name, without the <c>@</c> with which <see cref="ToString"/> and <see cref="Parse"/> mark it.</param>
    /// <returns>The endpoint.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="name"/> is empty, contains a null character, or is longer than <see cref="MaxPathBytes"/>.
    /// </exception>
    public static IpcEndpoint AbstractSocket(string name)
    {
        ThrowIfNotName(name);
        return new IpcEndpoint($"@{name}").ThrowIfTooLong(nameof(name));
    }

    /// <summary>
    /// Creates an endpoint within the process, for tests: clients and a host of one process use it without a socket, and everything else works
    /// as over a UNIX socket. The kernel need not verify the client, which is this process.
    /// </summary>
    /// <param name="name">The name, which only one host of the process may listen on at a time.</param>
    /// <returns>The endpoint.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty or contains a null character.</exception>
    public static IpcEndpoint InMemory(string name)
    {
        ThrowIfNotName(name);
        return new IpcEndpoint($"{InMemoryPrefix}{name}");
    }

    /// <summary>Creates a TCP endpoint.</summary>
    /// <param name="host">A host name, an IPv4 address, or an IPv6 address with or without brackets.</param>
    /// <param name="port">The port, from 0 to 65535. With 0, the system chooses the port that a host listens on.</param>
    /// <returns>The endpoint.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="host"/> is empty, is not a host name or an address, or is <c>memory</c>, which stands for in-memory endpoints; <c>Memory</c> is
    /// the same host.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="port"/> is less than 0 or greater than 65535.</exception>
    public static IpcEndpoint Tcp(string host, int port)
    {
        ThrowIfNotName(host);
        ArgumentOutOfRangeException.ThrowIfNegative(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, ushort.MaxValue);
        string written = host[0] != '[' && host.Contains(':') ? $"[{host}]" : host;
        if (written[0] == '@' || written.Contains('/'))
        {
            throw new ArgumentException($"\"{host}\" is not a host name or an address.", nameof(host));
        }

        if ($"{host}:" == InMemoryPrefix)
        {
            throw new ArgumentException(
                "The host name \"memory\" stands for in-memory endpoints. Write it in another case, or use its address.",
                nameof(host)
            );
        }

        return FindHostError(written) is { } error
            ? throw new ArgumentException($"\"{host}\" is not a host name or an address: {error}", nameof(host))
            : new IpcEndpoint(string.Create(CultureInfo.InvariantCulture, $"{written}:{port}"), written.Length + 1);
    }

    /// <summary>Converts text to an endpoint.</summary>
    /// <param name="text">A path, <c>@name</c>, <c>host:port</c> or <c>memory:name</c>.</param>
    /// <returns>The endpoint.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="FormatException"><paramref name="text"/> is not an endpoint.</exception>
    /// <exception cref="ArgumentException">The path or name is longer than <see cref="MaxPathBytes"/>.</exception>
    public static IpcEndpoint Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string? error = Read(text, out IpcEndpoint endpoint);
        return error is null ? endpoint.ThrowIfTooLong(nameof(text)) : throw new FormatException($"\"{text}\" is not an endpoint: {error} {Allowed}");
    }

    /// <summary>Tries to convert text to an endpoint.</summary>
    /// <param name="text">A path, <c>@name</c>, <c>host:port</c> or <c>memory:name</c>.</param>
    /// <param name="endpoint">The endpoint, or <see langword="default"/> if the conversion failed.</param>
    /// <returns><see langword="true"/> if the text was converted; otherwise, <see langword="false"/>.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out IpcEndpoint endpoint)
    {
        endpoint = default;
        if (text is null || Read(text, out IpcEndpoint read) is not null || read.PathLength > MaxPathBytes)
        {
            return false;
        }

        endpoint = read;
        return true;
    }

    /// <inheritdoc/>
    static IpcEndpoint IParsable<IpcEndpoint>.Parse(string s, IFormatProvider? provider) => Parse(s);

    /// <inheritdoc/>
    static bool IParsable<IpcEndpoint>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out IpcEndpoint result) =>
        TryParse(s, out result);

    /// <inheritdoc/>
    static IpcEndpoint ISpanParsable<IpcEndpoint>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s.ToString());

    /// <inheritdoc/>
    static bool ISpanParsable<IpcEndpoint>.TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out IpcEndpoint result) =>
        TryParse(s.ToString(), out result);

    /// <summary>Returns a value that indicates whether both endpoints have the same text. Names and links are not resolved.</summary>
    /// <param name="other">The endpoint to compare with this one.</param>
    /// <returns><see langword="true"/> if both texts are equal, including case; otherwise, <see langword="false"/>.</returns>
    public bool Equals(IpcEndpoint other) => string.Equals(_text, other._text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is IpcEndpoint other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _text?.GetHashCode(StringComparison.Ordinal) ?? 0;

    /// <summary>Returns the text of the endpoint, which <see cref="Parse"/> converts to an equal endpoint.</summary>
    /// <returns>The text, or an empty string for <see langword="default"/>.</returns>
    public override string ToString() => _text ?? "";

    /// <summary>Returns a value that indicates whether both endpoints have the same text.</summary>
    /// <param name="left">The first endpoint.</param>
    /// <param name="right">The second endpoint.</param>
    /// <returns><see langword="true"/> if they are equal; see <see cref="Equals(IpcEndpoint)"/>.</returns>
    public static bool operator ==(IpcEndpoint left, IpcEndpoint right) => left.Equals(right);

    /// <summary>Returns a value that indicates whether the endpoints have different texts.</summary>
    /// <param name="left">The first endpoint.</param>
    /// <param name="right">The second endpoint.</param>
    /// <returns><see langword="true"/> if they are not equal; see <see cref="Equals(IpcEndpoint)"/>.</returns>
    public static bool operator !=(IpcEndpoint left, IpcEndpoint right) => !left.Equals(right);

    /// <exception cref="ArgumentException"><paramref name="endpoint"/> is <see langword="default"/>.</exception>
    internal static void ThrowIfDefault(IpcEndpoint endpoint, [CallerArgumentExpression(nameof(endpoint))] string? name = null)
    {
        if (endpoint == default)
        {
            throw new ArgumentException(
                $"default({nameof(IpcEndpoint)}) is not an endpoint. Create one with {nameof(IpcEndpoint)}.{nameof(Parse)}.",
                name
            );
        }
    }

    /// <summary>Returns an endpoint with the same TCP host and another port.</summary>
    internal IpcEndpoint WithPort(int port) => new(string.Create(CultureInfo.InvariantCulture, $"{_text.AsSpan(0, _portIndex)}{port}"), _portIndex);

    /// <summary>Gets the number of bytes that count towards <see cref="MaxPathBytes"/>.</summary>
    private int PathLength => IsTcp || IsInMemory ? 0 : Encoding.UTF8.GetByteCount(_text!) - (IsAbstract ? 1 : 0);

    private static void ThrowIfNotName(string text, [CallerArgumentExpression(nameof(text))] string? name = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(text, name);
        if (text.Contains('\0'))
        {
            throw new ArgumentException($"The {name} contains a null character.", name);
        }
    }

    private IpcEndpoint ThrowIfTooLong(string name) =>
        PathLength <= MaxPathBytes
            ? this
            : throw new ArgumentException(
                $"The socket path or name \"{_text}\" has {PathLength} bytes; the system allows {MaxPathBytes}. Use a shorter or a relative path.",
                name
            );

    /// <summary>Reads an endpoint. Returns the error in the text, or null.</summary>
    private static string? Read(string text, out IpcEndpoint endpoint)
    {
        endpoint = default;
        if (text.Length == 0)
        {
            return "it is empty.";
        }

        if (text.Contains('\0'))
        {
            return "it contains a null character.";
        }

        if (text == "@")
        {
            return "the abstract name is empty.";
        }

        if (text == InMemoryPrefix)
        {
            return "the name of the in-memory endpoint is empty.";
        }

        if (text[0] == '@' || text.StartsWith(InMemoryPrefix, StringComparison.Ordinal) || text.Contains('/') || !text.Contains(':'))
        {
            if (HasScheme(text))
            {
                return "it is a URL: write the path, or \"host:port\", without the scheme.";
            }

            endpoint = new IpcEndpoint(text);
            return null;
        }

        return ReadTcp(text, out endpoint);
    }

    /// <summary>Determines whether a text begins with the scheme of a URL, such as "tcp://", which would be the path of an odd folder.</summary>
    private static bool HasScheme(string text) =>
        text.IndexOf("://", StringComparison.Ordinal) is var length and > 0
        && !text.StartsWith(InMemoryPrefix, StringComparison.Ordinal)
        && text.AsSpan(0, length).IndexOfAnyExcept(SchemeCharacters) < 0;

    private static string? ReadTcp(string text, out IpcEndpoint endpoint)
    {
        endpoint = default;
        int colon = text.LastIndexOf(':');
        ReadOnlySpan<char> host = text.AsSpan(0, colon);
        if (!ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            return "the port must be a number from 0 to 65535.";
        }

        if (host.IsEmpty)
        {
            return "the host before the port is missing.";
        }

        if (FindHostError(host) is { } error)
        {
            return error;
        }

        endpoint = new IpcEndpoint(text, colon + 1);
        return null;
    }

    /// <summary>Returns the error in the host of a TCP endpoint, or null.</summary>
    private static string? FindHostError(ReadOnlySpan<char> host)
    {
        bool isBracketed = host is ['[', .., ']'];
        bool isValid = isBracketed ? host[1..^1].IndexOfAny('[', ']') < 0 && IPAddress.TryParse(host[1..^1], out _) : host.IndexOfAny(":[]") < 0;
        return isValid ? null : "an IPv6 address must be in brackets, \"[::1]:8080\".";
    }
}
