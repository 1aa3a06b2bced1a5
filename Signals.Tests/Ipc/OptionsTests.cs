using NUnit.Framework;
using Signals.Ipc;

namespace Signals.Tests.Ipc;

/// <summary>Tests of the values that the options of both sides allow.</summary>
public sealed class OptionsTests
{
    /// <summary>The shortest time that timers do not accept.</summary>
    private static readonly TimeSpan TooLong = TimeSpan.FromMilliseconds(uint.MaxValue - 1) + TimeSpan.FromTicks(1);

    [Test]
    public void Smallest_values_of_a_client_are_accepted()
    {
        var options = new IpcClientOptions
        {
            CallTimeout = TimeSpan.FromTicks(1),
            ConnectTimeout = TimeSpan.FromTicks(1),
            MaxFrameSize = 64,
            MaxUnsentBytes = 1,
            MaxBufferedStreamBytes = 1,
        };
        Assert.That(
            (options.CallTimeout, options.ConnectTimeout, options.MaxFrameSize, options.MaxUnsentBytes, options.MaxBufferedStreamBytes),
            Is.EqualTo((TimeSpan.FromTicks(1), TimeSpan.FromTicks(1), 64, 1L, 1L))
        );
        Assert.That(new IpcClientOptions { CallTimeout = Timeout.InfiniteTimeSpan }.CallTimeout, Is.EqualTo(Timeout.InfiniteTimeSpan));
    }

    [Test]
    public void Invalid_values_of_a_client_are_refused_with_the_allowed_range()
    {
        using (Assert.EnterMultipleScope())
        {
            AssertRefused(
                () => new IpcClientOptions { CallTimeout = TimeSpan.Zero },
                "CallTimeout",
                "CallTimeout must be positive and at most 49 days, or infinite."
            );
            AssertRefused(
                () => new IpcClientOptions { CallTimeout = TimeSpan.FromSeconds(-2) },
                "CallTimeout",
                "CallTimeout must be positive and at most 49 days, or infinite."
            );
            AssertRefused(
                () => new IpcClientOptions { CallTimeout = TooLong },
                "CallTimeout",
                "CallTimeout must be positive and at most 49 days, or infinite."
            );
            AssertRefused(
                () => new IpcClientOptions { ConnectTimeout = TimeSpan.Zero },
                "ConnectTimeout",
                "ConnectTimeout must be positive and at most 49 days, or infinite."
            );
            AssertRefused(
                () => new IpcClientOptions { ConnectTimeout = TooLong },
                "ConnectTimeout",
                "ConnectTimeout must be positive and at most 49 days, or infinite."
            );
            AssertRefused(
                () => new IpcClientOptions { KeepAlive = TimeSpan.FromMilliseconds(999) },
                "KeepAlive",
                "KeepAlive must be at least one second and at most 49 days, or infinite."
            );
            AssertRefused(() => new IpcClientOptions { KeepAlive = TooLong }, "KeepAlive", "KeepAlive must be at least one second");
            AssertRefused(() => new IpcClientOptions { MaxFrameSize = 63 }, "MaxFrameSize", "MaxFrameSize must be at least 64.");
            AssertRefused(() => new IpcClientOptions { MaxUnsentBytes = 0 }, "MaxUnsentBytes", "MaxUnsentBytes must be positive.");
            AssertRefused(() => new IpcClientOptions { MaxBufferedStreamBytes = 0 }, "MaxBufferedStreamBytes", "MaxBufferedStreamBytes must be positive.");
            AssertNullRefused(() => new IpcClientOptions { TimeProvider = null! }, "TimeProvider");
            AssertNullRefused(() => new IpcClientOptions { Logger = null! }, "Logger");
        }
    }

    [Test]
    public void Smallest_values_of_a_host_are_accepted()
    {
        var options = new IpcHostOptions
        {
            MaxClients = 1,
            MaxUnsentBytes = 1,
            MaxConcurrentCalls = 1,
            MaxRequestBytes = 1,
            MaxTotalRequestBytes = 1,
            MaxFrameSize = 128,
            AuthorizeTimeout = TimeSpan.FromTicks(1),
            WriteTimeout = TimeSpan.FromTicks(1),
            IdleTimeout = TimeSpan.FromTicks(1),
            GracePeriod = TimeSpan.Zero,
        };
        Assert.That((options.MaxClients, options.MaxUnsentBytes, options.MaxConcurrentCalls, options.MaxFrameSize), Is.EqualTo((1, 1, 1, 128)));
        Assert.That(
            (options.WriteTimeout, options.IdleTimeout, options.GracePeriod),
            Is.EqualTo((TimeSpan.FromTicks(1), TimeSpan.FromTicks(1), TimeSpan.Zero))
        );
        Assert.That((options.MaxRequestBytes, options.MaxTotalRequestBytes, options.AuthorizeTimeout), Is.EqualTo((1L, 1L, TimeSpan.FromTicks(1))));
        Assert.That(new IpcHostOptions { KeepAlive = TimeSpan.FromSeconds(1) }.KeepAlive, Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(new IpcHostOptions { KeepAlive = Timeout.InfiniteTimeSpan }.KeepAlive, Is.EqualTo(Timeout.InfiniteTimeSpan));
        Assert.That(new IpcHostOptions { KeepAlive = null }.KeepAlive, Is.Null);
        var patient = new IpcHostOptions
        {
            AuthorizeTimeout = Timeout.InfiniteTimeSpan,
            WriteTimeout = Timeout.InfiniteTimeSpan,
            IdleTimeout = Timeout.InfiniteTimeSpan,
            GracePeriod = Timeout.InfiniteTimeSpan,
        };
        Assert.That(
            (TimeSpan[])[patient.AuthorizeTimeout, patient.WriteTimeout, patient.IdleTimeout, patient.GracePeriod],
            Is.All.EqualTo(Timeout.InfiniteTimeSpan)
        );
    }

    [Test]
    public void Invalid_values_of_a_host_are_refused_with_the_allowed_range()
    {
        using (Assert.EnterMultipleScope())
        {
            AssertRefused(() => new IpcHostOptions { MaxClients = 0 }, "MaxClients", "MaxClients must be at least 1.");
            AssertRefused(() => new IpcHostOptions { MaxUnsentBytes = 0 }, "MaxUnsentBytes", "MaxUnsentBytes must be at least 1.");
            AssertRefused(() => new IpcHostOptions { MaxConcurrentCalls = 0 }, "MaxConcurrentCalls", "MaxConcurrentCalls must be at least 1.");
            AssertRefused(() => new IpcHostOptions { MaxFrameSize = 127 }, "MaxFrameSize", "MaxFrameSize must be at least 128.");
            AssertRefused(() => new IpcHostOptions { MaxRequestBytes = 0 }, "MaxRequestBytes", "MaxRequestBytes must be at least 1.");
            AssertRefused(() => new IpcHostOptions { MaxTotalRequestBytes = 0 }, "MaxTotalRequestBytes", "MaxTotalRequestBytes must be at least 1.");
            AssertRefused(() => new IpcHostOptions { AuthorizeTimeout = TimeSpan.Zero }, "AuthorizeTimeout", "AuthorizeTimeout must be positive");
            AssertRefused(
                () => new IpcHostOptions { WriteTimeout = TimeSpan.Zero },
                "WriteTimeout",
                "WriteTimeout must be positive and at most 49 days, or infinite."
            );
            AssertRefused(
                () => new IpcHostOptions { IdleTimeout = TimeSpan.Zero },
                "IdleTimeout",
                "IdleTimeout must be positive and at most 49 days, or infinite."
            );
            AssertRefused(
                () => new IpcHostOptions { GracePeriod = TimeSpan.FromSeconds(-2) },
                "GracePeriod",
                "GracePeriod must be positive and at most 49 days, or infinite."
            );
            AssertRefused(() => new IpcHostOptions { KeepAlive = TimeSpan.Zero }, "KeepAlive", "KeepAlive must be at least one second");
            AssertRefused(() => new IpcHostOptions { WriteTimeout = TooLong }, "WriteTimeout", "WriteTimeout must be positive");
            AssertRefused(() => new IpcHostOptions { IdleTimeout = TimeSpan.MaxValue }, "IdleTimeout", "IdleTimeout must be positive");
            AssertRefused(() => new IpcHostOptions { GracePeriod = TooLong }, "GracePeriod", "GracePeriod must be positive");
            AssertNullRefused(() => new IpcHostOptions { TimeProvider = null! }, "TimeProvider");
            AssertNullRefused(() => new IpcHostOptions { Logger = null! }, "Logger");
        }
    }

    [Test]
    public async Task Client_and_host_copy_their_options()
    {
        using var path = new SocketPath();
        var clientOptions = new IpcClientOptions { CallTimeout = TimeSpan.FromMinutes(1) };
        var hostOptions = new IpcHostOptions { Authorize = _ => true };
        await using var host = new IpcHost(hostOptions);
        await using var client = new IpcClient(path.Endpoint, clientOptions);
        clientOptions.MaxFrameSize = 64;
        hostOptions.Authorize = _ => false;
        hostOptions.MaxFrameSize = 128;
        host.Expose(new ScriptedGreeter());
        host.Start(path.Endpoint);
        await client.ConnectAsync().Within("the connection");
        using var proxy = new GreeterProxy();
        await client.BindAsync(proxy).Within("the binding");
        string name = new('x', 1000);
        Assert.That((await proxy.SayHelloAsync(name).Within("the reply")).Message, Does.Contain(name));
        Assert.That(host.RefusedClientCount, Is.Zero);
    }

    [Test]
    public void Default_options_are_those_of_the_documentation()
    {
        var client = new IpcClientOptions();
        var host = new IpcHostOptions();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((client.Retry, client.Reconnect, client.CallTimeout), Is.EqualTo((false, false, Timeout.InfiniteTimeSpan)));
            Assert.That((client.ConnectTimeout, client.Identity), Is.EqualTo((TimeSpan.FromMinutes(1), (ClientIdentity?)null)));
            Assert.That(
                (client.MaxFrameSize, client.MaxUnsentBytes, client.MaxBufferedStreamBytes),
                Is.EqualTo((128 * 1024, 1024 * 1024L, 4 * 1024 * 1024L))
            );
            Assert.That(
                (host.MaxClients, host.MaxUnsentBytes, host.MaxConcurrentCalls, host.MaxFrameSize),
                Is.EqualTo((1024, 1024 * 1024, 1024, 128 * 1024))
            );
            Assert.That(
                (host.WriteTimeout, host.IdleTimeout, host.GracePeriod),
                Is.EqualTo((TimeSpan.FromSeconds(10), Timeout.InfiniteTimeSpan, TimeSpan.FromSeconds(5)))
            );
            Assert.That(
                (host.MaxRequestBytes, host.MaxTotalRequestBytes, host.AuthorizeTimeout),
                Is.EqualTo((8 * 1024 * 1024L, 64 * 1024 * 1024L, TimeSpan.FromSeconds(10)))
            );
            Assert.That((client.KeepAlive, host.KeepAlive), Is.EqualTo(((TimeSpan?)null, (TimeSpan?)null)));
            Assert.That(host.SocketFileMode, Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }
    }

    [Test]
    public void Tests_with_a_fake_proxy_can_throw_disconnections()
    {
        var inner = new InvalidOperationException("inner");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(new IpcDisconnectedException().Message, Is.EqualTo("There is no connection to the service."));
            Assert.That(new IpcDisconnectedException("gone").Reason, Is.EqualTo(new DisconnectReason(DisconnectCause.ConnectionLost, "gone")));
            Assert.That(new IpcDisconnectedException("gone", inner).Reason.Exception, Is.SameAs(inner));
            Assert.That(new IpcDisconnectedException("gone", inner).InnerException, Is.SameAs(inner));
            Assert.That(
                () => new IpcDisconnectedException(null!, requestMayHaveBeenSent: true),
                Throws.ArgumentNullException.With.Property("ParamName").EqualTo("reason")
            );
            var reason = new DisconnectReason(DisconnectCause.ClosedByPeer, "over", inner);
            var sent = new IpcDisconnectedException(reason, requestMayHaveBeenSent: true);
            Assert.That((sent.Reason, sent.RequestMayHaveBeenSent, sent.InnerException), Is.EqualTo((reason, true, inner)));
        }
    }

    [Test]
    public async Task Longest_durations_are_accepted()
    {
        TimeSpan longest = TooLong - TimeSpan.FromTicks(1);
        using var path = new SocketPath();
        await using var host = new IpcHost(
            new IpcHostOptions
            {
                WriteTimeout = longest,
                IdleTimeout = longest,
                GracePeriod = longest,
            }
        );
        host.Expose(new ScriptedGreeter());
        host.Start(path.Endpoint);
        await using var client = new IpcClient(path.Endpoint, new IpcClientOptions { CallTimeout = longest, ConnectTimeout = longest });
        await client.ConnectAsync().Within("connecting");
        using var proxy = new GreeterProxy();
        await client.BindAsync(proxy).Within("binding");
        Assert.That((await proxy.SayHelloAsync("Ada").Within("the reply")).Message, Is.EqualTo("Hello Ada"));
        await host.StopAsync().Within("stopping");
    }

    private static void AssertRefused(Func<object> make, string name, string message) =>
        Assert.That(
            make,
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo(name).And.Property("Message").StartsWith(message)
        );

    private static void AssertNullRefused(Func<object> make, string name) =>
        Assert.That(make, Throws.ArgumentNullException.With.Property("ParamName").EqualTo(name));
}
