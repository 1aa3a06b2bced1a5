using NUnit.Framework;
using Signals.Ipc;

namespace Signals.Tests.Ipc;

public sealed class IpcEndpointTests
{
    [TestCase("/run/app.sock", "/run/app.sock", false, false)]
    [TestCase("app.sock", "app.sock", false, false)]
    [TestCase("./a:1", "./a:1", false, false)]
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
    [TestCase(":8080", "the host in front of the port is missing")]
    [TestCase("::1:8080", "brackets")]
    [TestCase("[::1:8080", "brackets")]
    [TestCase("[name]:8080", "brackets")]
    [TestCase("a\0b", "zero")]
    public void K3_what_is_no_endpoint_is_refused_with_what_is_allowed(string text, string complaint)
    {
        FormatException? exception = Assert.Throws<FormatException>(() => IpcEndpoint.Parse(text));
        Assert.That(exception!.Message, Does.Contain(complaint).And.Contain("host:port"));
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

    [Test]
    public void K3_limit_counts_bytes_and_not_characters() => Assert.That(() => IpcEndpoint.Parse("/" + new string('ü', 60)), Throws.ArgumentException);

    [Test]
    public void Endpoints_are_equal_when_they_are_written_alike()
    {
        Assert.That(IpcEndpoint.Parse("/a") == IpcEndpoint.Parse("/a"), Is.True);
        Assert.That(IpcEndpoint.Parse("/a") != IpcEndpoint.Parse("/A"), Is.True);
        Assert.That(() => IpcEndpoint.Parse(null!), Throws.ArgumentNullException);
        Assert.That(() => new IpcClient(default), Throws.ArgumentException);
        Assert.That(IpcEndpoint.Parse("/a").GetHashCode(), Is.Not.EqualTo(IpcEndpoint.Parse("/b").GetHashCode()));
        Assert.That(IpcEndpoint.Parse("/a").Equals((object)IpcEndpoint.Parse("/a")), Is.True);
        Assert.That(IpcEndpoint.Parse("/a").Equals("/a"), Is.False);
        Assert.That(default(IpcEndpoint).ToString(), Is.Empty);
        Assert.That(default(IpcEndpoint).GetHashCode(), Is.Zero);
    }

    [TestCase("/a", "", 0)]
    [TestCase("@a:1", "", 0)]
    [TestCase("localhost:8080", "localhost", 8080)]
    [TestCase("[::1]:65535", "::1", 65535)]
    [TestCase("127.0.0.1:0", "127.0.0.1", 0)]
    public void K3_address_consists_of_host_and_port(string text, string host, int port)
    {
        var endpoint = IpcEndpoint.Parse(text);
        Assert.That((endpoint.Host, endpoint.Port), Is.EqualTo((host, port)));
    }
}
