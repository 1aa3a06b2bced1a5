using Microsoft.Extensions.Logging;
using NUnit.Framework;
using Signals.Ipc.Connections;
using Signals.Ipc.Guards;
using Signals.Ipc.Transport;

namespace Signals.Tests.Ipc;

/// <summary>H7: no peer can fill the log by repeating an event.</summary>
public sealed class LimitedLoggerTests
{
    private FakeTime _time = null!;
    private ListLogger _inner = null!;
    private LimitedLogger _logger = null!;

    [SetUp]
    public void Make()
    {
        _time = new FakeTime();
        _inner = new ListLogger();
        _logger = new LimitedLogger(_inner, _time, "Client 1", maxLines: 3);
    }

    [Test]
    public void H7_entries_of_one_event_beyond_the_limit_are_suppressed_and_counted_with_the_next_one()
    {
        for (int i = 0; i < 5; i++)
        {
            Drop(i);
        }

        Assert.That(Texts(), Is.EqualTo(Enumerable.Range(0, 3).Select(Line)));
        _time.Advance(LimitedLogger.Period);
        Drop(5);
        Assert.That(Texts()[3..], Is.EqualTo((string[])["Client 1: 2 more log entries of FrameDropped were suppressed", Line(5)]));
    }

    [Test]
    public void H7_entries_of_another_event_are_not_suppressed()
    {
        for (int i = 0; i < 5; i++)
        {
            Drop(i);
        }

        TransportLog.AcceptFailed(_logger, Signals.Ipc.IpcEndpoint.Parse("@other"), "reset");
        Assert.That(Texts(), Has.Length.EqualTo(4));
    }

    [Test]
    public void H7_suppressed_entries_are_counted_once_at_the_end()
    {
        for (int i = 0; i < 5; i++)
        {
            Drop(i);
        }

        _logger.Flush();
        _logger.Flush();
        Assert.That(Texts()[3..], Is.EqualTo((string[])["Client 1: 2 more log entries of FrameDropped were suppressed"]));
    }

    [Test]
    public void H7_suppressed_entries_are_reported_at_the_level_of_their_event()
    {
        for (int i = 0; i < 5; i++)
        {
            Drop(i);
            TransportLog.AcceptPaused(_logger, Signals.Ipc.IpcEndpoint.Parse("@other"), "no descriptors");
        }

        _logger.Flush();
        Assert.That(
            _inner.Entries.Skip(6).Select(entry => (entry.Level, entry.Text)),
            Is.EqualTo(
                ((LogLevel, string)[])
                    [
                        (LogLevel.Information, "Client 1: 2 more log entries of FrameDropped were suppressed"),
                        (LogLevel.Warning, "Client 1: 2 more log entries of AcceptPaused were suppressed"),
                    ]
            )
        );
    }

    private static string Line(int size) => $"Dropped a frame of {size} bytes that could not be parsed (1 dropped on this connection)";

    private void Drop(int size) => IpcLog.FrameDropped(_logger, size, 1);

    private string[] Texts() => [.. _inner.Entries.Select(entry => entry.Text)];
}
