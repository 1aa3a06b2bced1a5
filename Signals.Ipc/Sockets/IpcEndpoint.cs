using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using Signals.Ipc.Sockets;

namespace Signals.Ipc;

/// <summary>
/// Where a host listens: a socket file (<c>/run/app.sock</c>, <c>app.sock</c>), a Linux abstract socket (<c>@app</c>), or TCP
/// (<c>127.0.0.1:8080</c>, <c>localhost:8080</c>, <c>[::1]:8080</c>).
/// </summary>
/// <remarks>A text with a slash in it is always a path; so <c>./a:1</c> is a file and <c>a:1</c> is TCP.</remarks>
public readonly struct IpcEndpoint : IEquatable<IpcEndpoint>
{
    /// <summary>How many bytes a socket's path or abstract name may have in UTF-8: the system's limit.</summary>
    public const int MaxPathBytes = 107;

    private const string Allowed =
        "Allowed are a socket file (\"/run/app.sock\", \"app.sock\"), an abstract socket (\"@name\") and TCP (\"host:port\", \"[::1]:port\").";

    private readonly string? _text;

    /// <summary>Where the port begins in a TCP endpoint; zero in the others.</summary>
    private readonly int _portIndex;

    private IpcEndpoint(string text, int portIndex = 0)
    {
        _text = text;
        _portIndex = portIndex;
    }

    /// <summary>Whether this is a TCP address.</summary>
    public bool IsTcp => _portIndex != 0;

    /// <summary>Whether this is a Linux abstract socket.</summary>
    public bool IsAbstract => !IsTcp && _text is ['@', ..];

    /// <summary>The path of the socket file, or null if there is none.</summary>
    public string? Path => IsTcp || IsAbstract ? null : _text;

    /// <summary>The TCP port, or zero.</summary>
    internal int Port => IsTcp ? int.Parse(_text.AsSpan(_portIndex), CultureInfo.InvariantCulture) : 0;

    /// <summary>The TCP host without brackets, or an empty text.</summary>
    internal string Host => IsTcp ? _text![..(_portIndex - 1)].Trim('[', ']') : "";

    /// <summary>Reads an endpoint.</summary>
    /// <param name="text">A path, <c>@name</c> or <c>host:port</c>.</param>
    /// <returns>The endpoint.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="FormatException">It is none of these.</exception>
    /// <exception cref="ArgumentException">The path or name is longer than the system allows.</exception>
    public static IpcEndpoint Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string? complaint = Read(text, out IpcEndpoint endpoint);
        if (complaint is not null)
        {
            throw new FormatException($"\"{text}\" is no endpoint: {complaint} {Allowed}");
        }

        int length = endpoint.PathLength;
        return length <= MaxPathBytes
            ? endpoint
            : throw new ArgumentException(
                $"The socket path \"{text}\" has {length} bytes; the system allows {MaxPathBytes}. Use a shorter or a relative path.",
                nameof(text)
            );
    }

    /// <summary>Reads an endpoint.</summary>
    /// <param name="text">A path, <c>@name</c> or <c>host:port</c>.</param>
    /// <param name="endpoint">The endpoint, when it could be read.</param>
    /// <returns>Whether it could.</returns>
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

    /// <summary>Whether both are written alike; what a name or a link leads to is not looked at.</summary>
    /// <param name="other">The other endpoint.</param>
    /// <returns><see langword="true"/> if so.</returns>
    public bool Equals(IpcEndpoint other) => string.Equals(_text, other._text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is IpcEndpoint other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _text?.GetHashCode(StringComparison.Ordinal) ?? 0;

    /// <summary>The endpoint as <see cref="Parse"/> reads it.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => _text ?? "";

    /// <summary>Whether both are written alike.</summary>
    /// <param name="left">One endpoint.</param>
    /// <param name="right">The other.</param>
    /// <returns>See <see cref="Equals(IpcEndpoint)"/>.</returns>
    public static bool operator ==(IpcEndpoint left, IpcEndpoint right) => left.Equals(right);

    /// <summary>Whether the two are written differently.</summary>
    /// <param name="left">One endpoint.</param>
    /// <param name="right">The other.</param>
    /// <returns>See <see cref="Equals(IpcEndpoint)"/>.</returns>
    public static bool operator !=(IpcEndpoint left, IpcEndpoint right) => !left.Equals(right);

    /// <exception cref="ArgumentException"><paramref name="endpoint"/> was not made by <see cref="Parse"/>.</exception>
    internal static void ThrowIfDefault(IpcEndpoint endpoint, [CallerArgumentExpression(nameof(endpoint))] string? name = null)
    {
        if (endpoint == default)
        {
            throw new ArgumentException($"default({nameof(IpcEndpoint)}) leads nowhere. Use {nameof(IpcEndpoint)}.{nameof(Parse)}.", name);
        }
    }

    /// <summary>The same TCP host with another port.</summary>
    internal IpcEndpoint WithPort(int port) => new(string.Create(CultureInfo.InvariantCulture, $"{_text.AsSpan(0, _portIndex)}{port}"), _portIndex);

    /// <summary>The address that sockets understand.</summary>
    internal EndPoint ToEndPoint() =>
        IsTcp
            ? IPAddress.TryParse(Host, out IPAddress? address) ? new IPEndPoint(address, Port) : new DnsEndPoint(Host, Port)
            : new UnixDomainSocketEndPoint(IsAbstract ? $"\0{_text![1..]}" : _text!);

    /// <summary>A socket of the fitting kind.</summary>
    internal Socket CreateSocket()
    {
        if (!IsTcp)
        {
            return new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        }

        Socket socket = ToEndPoint() is IPEndPoint { AddressFamily: var family }
            ? new Socket(family, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        TcpSettings.Apply(socket);
        return socket;
    }

    /// <summary>How much of the system's limit is used up.</summary>
    private int PathLength => IsTcp ? 0 : Encoding.UTF8.GetByteCount(_text!) - (IsAbstract ? 1 : 0);

    /// <summary>Returns what is wrong, or null.</summary>
    private static string? Read(string text, out IpcEndpoint endpoint)
    {
        endpoint = default;
        if (text.Length == 0)
        {
            return "it is empty.";
        }

        if (text.Contains('\0'))
        {
            return "it contains a zero character.";
        }

        if (text == "@")
        {
            return "the abstract name is empty.";
        }

        if (text[0] == '@' || text.Contains('/') || !text.Contains(':'))
        {
            endpoint = new IpcEndpoint(text);
            return null;
        }

        return ReadTcp(text, out endpoint);
    }

    private static string? ReadTcp(string text, out IpcEndpoint endpoint)
    {
        endpoint = default;
        int colon = text.LastIndexOf(':');
        ReadOnlySpan<char> host = text.AsSpan(0, colon);
        if (!ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            return "the port has to be a number from 0 to 65535.";
        }

        if (host.IsEmpty)
        {
            return "the host in front of the port is missing.";
        }

        bool bracketed = host is ['[', .., ']'];
        if (bracketed ? !IPAddress.TryParse(host[1..^1], out _) : host.IndexOfAny(":[]") >= 0)
        {
            return "an IPv6 address has to stand in brackets, \"[::1]:8080\".";
        }

        endpoint = new IpcEndpoint(text, colon + 1);
        return null;
    }
}
