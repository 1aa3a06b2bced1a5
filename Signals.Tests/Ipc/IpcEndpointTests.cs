using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Transport.Sockets;

namespace Signals.Tests.Ipc;

public sealed class IpcEndpointTests
{
    [TestCase("/run/app.sock", "/run/app.sock", false, false)]
    [TestCase("app.sock", "app.sock", false, false)]
    [TestCase("./a:1", "./a:1", false, false)]
    [TestCase("/run/tcp://a", "/run/tcp://a", false, false)]
    [TestCase("@tcp://a", null, true, false)]
    [TestCase("@app", null, true, false)]
    [TestCase("@a/b:1", null, true, false)]
    [TestCase("127.0.0.1:8080", null, false, true)]
    [TestCase("localhost:0", null, false, true)]
    [TestCase("[::1]:65535", null, false, true)]
    public void K3_endpoint_is_a_path_an_abstract_name_or_an_address(string text, string? path, bool isAbstract, bool isTcp)
    {
        var endpoint = IpcEndpoint.Parse(text);
        Assert.That(endpoint.Path, Is.EqualTo(path));
        Assert.That(endpoint.IsAbstract, Is.EqualTo(isAbstract));
        Assert.That(endpoint.IsTcp, Is.EqualTo(isTcp));
        Assert.That(endpoint.ToString(), Is.EqualTo(text));
        Assert.That(IpcEndpoint.TryParse(text, out IpcEndpoint same), Is.True);
        Assert.That(same, Is.EqualTo(endpoint));
        Assert.That(same.GetHashCode(), Is.EqualTo(endpoint.GetHashCode()));
    }

    [TestCase("", "empty")]
    [TestCase("@", "name is empty")]
    [TestCase("host:", "port")]
    [TestCase("host:http", "port")]
    [TestCase("host:65536", "65535")]
    [TestCase("host:-1", "port")]
    [TestCase("host: 1", "port")]
    [TestCase(":8080", "the host before the port is missing")]
    [TestCase("::1:8080", "brackets")]
    [TestCase("[::1:8080", "brackets")]
    [TestCase("[name]:8080", "brackets")]
    [TestCase("[[::1]:80]:8080", "brackets")]
    [TestCase("a\0b", "null character")]
    [TestCase("memory:", "name of the in-memory endpoint is empty")]
    [TestCase("tcp://127.0.0.1:80", "without the scheme")]
    [TestCase("unix:///run/app.sock", "without the scheme")]
    public void K3_text_that_is_not_an_endpoint_is_refused_with_what_is_allowed(string text, string error)
    {
        FormatException? exception = Assert.Throws<FormatException>(() => IpcEndpoint.Parse(text));
        Assert.That(exception!.Message, Does.Contain(error).And.Contain("host:port"));
        Assert.That(IpcEndpoint.TryParse(text, out IpcEndpoint endpoint), Is.False);
        Assert.That(endpoint, Is.EqualTo(default(IpcEndpoint)));
    }

    [TestCase("/", 107, true)]
    [TestCase("/", 108, false)]
    [TestCase("@", 108, true)]
    [TestCase("@", 109, false)]
    public void K3_path_over_the_systems_limit_is_refused_with_the_limit(string first, int length, bool allowed)
    {
        string text = first + new string('x', length - 1);
        Assert.That(IpcEndpoint.TryParse(text, out _), Is.EqualTo(allowed));
        if (allowed)
        {
            Assert.That(() => IpcEndpoint.Parse(text).ToEndPoint(), Throws.Nothing);
        }
        else
        {
            Assert.That(() => IpcEndpoint.Parse(text), Throws.ArgumentException.With.Message.Contains("107"));
        }
    }

    [TestCase("app")]
    [TestCase("a/b:1")]
    [TestCase("8080")]
    [TestCase("@app")]
    public void K3_endpoint_within_the_process_is_a_name_and_nothing_else(string name)
    {
        var endpoint = IpcEndpoint.Parse($"memory:{name}");
        Assert.That(endpoint, Is.EqualTo(IpcEndpoint.InMemory(name)));
        Assert.That($"{endpoint}", Is.EqualTo($"memory:{name}"));
        Assert.That((endpoint.IsInMemory, endpoint.IsTcp, endpoint.IsAbstract), Is.EqualTo((true, false, false)));
        Assert.That((endpoint.Path, endpoint.Host, endpoint.Port), Is.EqualTo(((string?)null, (string?)null, (int?)null)));
    }

    [Test]
    public void K3_endpoint_of_another_kind_is_never_read_as_one_within_the_process()
    {
        Assert.That($"{IpcEndpoint.UnixSocket("memory:app")}", Is.EqualTo("./memory:app"));
        Assert.That($"{IpcEndpoint.UnixSocket("memory:a/b")}", Is.EqualTo("./memory:a/b"));
        Assert.That(IpcEndpoint.UnixSocket("memory:a/b").IsInMemory, Is.False);
        Assert.That(() => IpcEndpoint.Tcp("memory", 8080), Throws.ArgumentException.With.Message.Contains("in-memory"));
        Assert.That(IpcEndpoint.Tcp("Memory", 8080).IsTcp, Is.True);
        Assert.That(IpcEndpoint.Parse("Memory:8080").IsTcp, Is.True);
        Assert.That(default(IpcEndpoint).IsInMemory, Is.False);
    }

    [Test]
    public void K3_name_within_the_process_is_not_empty_and_may_be_long()
    {
        Assert.That(() => IpcEndpoint.InMemory(""), Throws.ArgumentException);
        Assert.That(() => IpcEndpoint.InMemory(null!), Throws.ArgumentNullException);
        Assert.That(() => IpcEndpoint.InMemory("a\0b"), Throws.ArgumentException);
        Assert.That(() => IpcEndpoint.InMemory(new string('x', 1000)), Throws.Nothing);
        Assert.That(IpcEndpoint.TryParse($"memory:{new string('x', 1000)}", out _), Is.True);
    }

    [Test]
    public void K3_limit_counts_bytes_and_not_characters() => Assert.That(() => IpcEndpoint.Parse("/" + new string('ü', 60)), Throws.ArgumentException);

    [Test]
    public void Endpoints_are_equal_if_their_texts_are_equal()
    {
        Assert.That(IpcEndpoint.Parse("/a") == IpcEndpoint.Parse("/a"), Is.True);
        Assert.That(IpcEndpoint.Parse("/a") != IpcEndpoint.Parse("/A"), Is.True);
        Assert.That(() => IpcEndpoint.Parse(null!), Throws.ArgumentNullException);
        Assert.That(() => new IpcClient(default(IpcEndpoint)), Throws.ArgumentException);
        Assert.That(IpcEndpoint.Parse("/a").GetHashCode(), Is.Not.EqualTo(IpcEndpoint.Parse("/b").GetHashCode()));
        Assert.That(IpcEndpoint.Parse("/a").Equals((object)IpcEndpoint.Parse("/a")), Is.True);
        Assert.That(IpcEndpoint.Parse("/a").Equals("/a"), Is.False);
        Assert.That(default(IpcEndpoint).ToString(), Is.Empty);
        Assert.That(default(IpcEndpoint).GetHashCode(), Is.Zero);
    }

    [TestCase("/a", null, null)]
    [TestCase("@a:1", null, null)]
    [TestCase("localhost:8080", "localhost", 8080)]
    [TestCase("[::1]:65535", "::1", 65535)]
    [TestCase("127.0.0.1:0", "127.0.0.1", 0)]
    public void K3_only_a_tcp_endpoint_has_a_host_and_a_port(string text, string? host, int? port)
    {
        var endpoint = IpcEndpoint.Parse(text);
        Assert.That((endpoint.Host, endpoint.Port), Is.EqualTo((host, port)));
    }

    [Test]
    public void Default_endpoint_has_no_parts()
    {
        IpcEndpoint none = default;
        Assert.That((none.Path, none.Host, none.Port, none.IsAbstract, none.IsTcp), Is.EqualTo(((string?)null, (string?)null, (int?)null, false, false)));
    }

    [TestCase("/run/app.sock", "/run/app.sock")]
    [TestCase("app.sock", "app.sock")]
    [TestCase("a/b:1", "a/b:1")]
    [TestCase("a:1", "./a:1")]
    [TestCase("@app", "./@app")]
    public void K3_endpoint_created_from_a_path_is_always_a_socket_file(string path, string text)
    {
        var endpoint = IpcEndpoint.UnixSocket(path);
        Assert.That((endpoint.Path, endpoint.IsAbstract, endpoint.IsTcp), Is.EqualTo((text, false, false)));
        Assert.That(endpoint, Is.EqualTo(IpcEndpoint.Parse(text)));
    }

    [TestCase("app", "@app")]
    [TestCase("a/b:1", "@a/b:1")]
    [TestCase("@app", "@@app")]
    public void K3_endpoint_created_from_a_name_is_always_an_abstract_socket(string name, string text)
    {
        var endpoint = IpcEndpoint.AbstractSocket(name);
        Assert.That((endpoint.Path, endpoint.IsAbstract, endpoint.IsTcp), Is.EqualTo(((string?)null, true, false)));
        Assert.That(endpoint, Is.EqualTo(IpcEndpoint.Parse(text)));
    }

    [TestCase("localhost", 8080, "localhost:8080")]
    [TestCase("127.0.0.1", 0, "127.0.0.1:0")]
    [TestCase("::1", 65535, "[::1]:65535")]
    [TestCase("[::1]", 1, "[::1]:1")]
    public void K3_endpoint_created_from_a_host_and_a_port_is_always_tcp(string host, int port, string text)
    {
        var endpoint = IpcEndpoint.Tcp(host, port);
        Assert.That((endpoint.Host, endpoint.Port, endpoint.IsTcp), Is.EqualTo((host.Trim('[', ']'), (int?)port, true)));
        Assert.That(endpoint, Is.EqualTo(IpcEndpoint.Parse(text)));
        Assert.That(IpcEndpoint.Tcp(endpoint.Host!, endpoint.Port!.Value), Is.EqualTo(endpoint));
    }

    [TestCase("")]
    [TestCase("a\0b")]
    [TestCase("a/b")]
    [TestCase("@app")]
    [TestCase("localhost:80")]
    [TestCase("[::1]:80")]
    [TestCase("[::1")]
    [TestCase("[]")]
    [TestCase("a]")]
    public void K3_invalid_tcp_host_is_refused_with_the_parameter(string host) =>
        Assert.That(() => IpcEndpoint.Tcp(host, 1), Throws.ArgumentException.With.Property("ParamName").EqualTo("host"));

    [TestCase(-1)]
    [TestCase(65536)]
    public void K3_port_out_of_range_is_refused_with_the_parameter(int port) =>
        Assert.That(() => IpcEndpoint.Tcp("localhost", port), Throws.TypeOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("port"));

    [Test]
    public void K3_invalid_path_or_name_is_refused_with_the_parameter()
    {
        string tooLong = new('x', IpcEndpoint.MaxPathBytes + 1);
        foreach (string text in new[] { "", "a\0b", tooLong })
        {
            Assert.That(() => IpcEndpoint.UnixSocket(text), Throws.ArgumentException.With.Property("ParamName").EqualTo("path"));
            Assert.That(() => IpcEndpoint.AbstractSocket(text), Throws.ArgumentException.With.Property("ParamName").EqualTo("name"));
        }

        Assert.That(() => IpcEndpoint.UnixSocket(tooLong[1..]), Throws.Nothing);
        Assert.That(() => IpcEndpoint.AbstractSocket(tooLong[1..]), Throws.Nothing);
        Assert.That(() => IpcEndpoint.UnixSocket(null!), Throws.ArgumentNullException);
        Assert.That(() => IpcEndpoint.AbstractSocket(null!), Throws.ArgumentNullException);
        Assert.That(() => IpcEndpoint.Tcp(null!, 1), Throws.ArgumentNullException);
    }

    [Test]
    public void Endpoint_can_be_parsed_by_generic_code()
    {
        Assert.That(ParseText<IpcEndpoint>("a:1"), Is.EqualTo(IpcEndpoint.Parse("a:1")));
        Assert.That(ParseSpan<IpcEndpoint>("a:1"), Is.EqualTo(IpcEndpoint.Parse("a:1")));
        Assert.That(ParseText<IpcEndpoint>(""), Is.EqualTo(default(IpcEndpoint)));
        Assert.That(ParseSpan<IpcEndpoint>(""), Is.EqualTo(default(IpcEndpoint)));

        static T? ParseText<T>(string text)
            where T : struct, IParsable<T> => T.TryParse(text, null, out T result) ? T.Parse(text, null) : result;

        static T? ParseSpan<T>(ReadOnlySpan<char> text)
            where T : struct, ISpanParsable<T> => T.TryParse(text, null, out T result) ? T.Parse(text, null) : result;
    }
}
