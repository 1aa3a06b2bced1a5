using Microsoft.Extensions.Logging;
using NUnit.Framework;
using Signals.Ipc;

namespace Signals.Tests.Ipc.Calls;

/// <summary>The log entries of a client and a host about calls.</summary>
[TestFixture]
public sealed class CallLogTests
{
    [Test]
    public async Task G11_calls_are_logged_at_debug_on_both_sides()
    {
        var hostLog = new ListLogger();
        var clientLog = new ListLogger();
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter(),
            new IpcHostOptions { Logger = hostLog },
            new IpcClientOptions { Logger = clientLog }
        );
        await session.Proxy.SayHelloAsync("Ada").Within("the reply");
        await EntriesAsync(2);
        await session.Proxy.WaveGoodbye("Ada").Within("the reply");
        await EntriesAsync(4);
        await foreach (GreeterReplyMsg _ in session.Proxy.WatchGreetings("Ada")) { }
        await EntriesAsync(6);

        foreach ((ListLogger log, string client) in ((ListLogger, string)[])[(hostLog, "Client 1"), (clientLog, @"Client \d+")])
        {
            string[] texts = Calls(log);
            for (int i = 0; i < texts.Length; i += 2)
            {
                string method = ((string[])["SayHello", "WaveGoodbye", "WatchGreetings"])[i / 2];
                Assert.That(texts[i], Does.Match($"^{client}: call of Greeter.{method} began"));
                Assert.That(texts[i + 1], Does.Match($"^{client}: call of Greeter.{method} ended with status OK after "));
            }
        }

        // The host logs the end of a call after it has sent the reply.
        Task EntriesAsync(int count) =>
            Bounded.UntilAsync(() => Calls(hostLog).Length == count && Calls(clientLog).Length == count, $"{count} log entries");
    }

    [Test]
    public async Task G11_call_logs_are_not_limited()
    {
        const int Count = 30;
        var log = new ListLogger();
        await using TestSession session = await TestSession.StartAsync(new ScriptedGreeter(), new IpcHostOptions { Logger = log });
        for (int i = 0; i < Count; i++)
        {
            await session.Proxy.SayHelloAsync("Ada").Within("the reply");
        }

        Assert.That(Calls(log), Has.Length.EqualTo(2 * Count));
    }

    [Test]
    public async Task G11_a_call_that_fails_is_logged_with_its_status()
    {
        var hostLog = new ListLogger();
        var clientLog = new ListLogger();
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter { OnHello = (_, _) => throw new IpcStatusException(IpcStatusCode.NotFound, "There is no Ada.") },
            new IpcHostOptions { Logger = hostLog },
            new IpcClientOptions { Logger = clientLog }
        );
        await Assert.ThrowsAsync<IpcCallException>(() => session.Proxy.SayHelloAsync("Ada").Within("the failure"));
        Assert.That(Calls(hostLog)[1], Does.Contain("NotFound"));
        Assert.That(Calls(clientLog)[1], Does.Contain("NotFound"));
    }

    [Test]
    public async Task G11_a_status_that_a_service_sends_on_purpose_is_not_a_warning()
    {
        var log = new ListLogger();
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter { OnHello = (_, _) => throw new IpcStatusException(IpcStatusCode.NotFound, "There is no Ada.") },
            new IpcHostOptions { Logger = log }
        );
        await Assert.ThrowsAsync<IpcCallException>(() => session.Proxy.SayHelloAsync("Ada").Within("the failure"));
        Assert.That(log.Entries.Where(entry => entry.Level >= LogLevel.Warning), Is.Empty);
        (LogLevel level, string text, Exception? exception) = log.Entries.Single(entry => entry.Exception is not null);
        Assert.That((level, text), Is.EqualTo((LogLevel.Information, "Client 1: Greeter.SayHello failed the call with status NotFound")));
        Assert.That(exception!.Message, Is.EqualTo("There is no Ada."));
    }

    [Test]
    public async Task G11_whether_calls_are_logged_is_not_asked_for_each_call()
    {
        var log = new AskedLogger();
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter(),
            new IpcHostOptions { Logger = log },
            new IpcClientOptions { Logger = log }
        );
        await session.Proxy.SayHelloAsync("Ada").Within("the reply");
        int asked = log.Asked;
        for (int i = 0; i < 10; i++)
        {
            await session.Proxy.SayHelloAsync("Ada").Within("the reply");
        }

        Assert.That((log.Asked, log.Written), Is.EqualTo((asked, 0)));
    }

    private static string[] Calls(ListLogger log) =>
        [.. log.Entries.Where(entry => entry.Level == LogLevel.Debug && entry.Text.Contains("call of")).Select(entry => entry.Text)];

    /// <summary>A logger that is not enabled for Debug and counts how often it is asked.</summary>
    private sealed class AskedLogger : ILogger
    {
        private int _asked;
        private int _written;

        internal int Asked => Volatile.Read(ref _asked);

        internal int Written => Volatile.Read(ref _written);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel)
        {
            Interlocked.Increment(ref _asked);
            return logLevel >= LogLevel.Information;
        }

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Interlocked.Increment(ref _written);
    }
}
