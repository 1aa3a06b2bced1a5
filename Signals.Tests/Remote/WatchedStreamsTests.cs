using NUnit.Framework;
using Signals.Ipc.Exchange;

namespace Signals.Tests.Remote;

/// <summary>The streams of a connection by number and by request.</summary>
public sealed class WatchedStreamsTests
{
    [Test]
    public void X14_a_stream_that_is_watched_again_and_again_is_kept_once()
    {
        var streams = new WatchedStreams();
        for (ulong requestId = 1; requestId <= 1000; requestId++)
        {
            streams.Add(7, requestId);
            Assert.That(streams.TryFindRequest(7, out ulong current), Is.True);
            Assert.That(current, Is.EqualTo(requestId));
        }

        Assert.That(streams.Count, Is.EqualTo(1));
        Assert.That(streams.TryFindStream(999, out _), Is.False, "Batches of an ended call are ignored.");
        Assert.That(streams.TryFindStream(1000, out uint stream), Is.True);
        Assert.That(stream, Is.EqualTo(7));
    }

    [Test]
    public void X14_streams_that_are_not_watched_any_more_leave_nothing_behind()
    {
        var streams = new WatchedStreams();
        for (uint stream = 1; stream <= 1000; stream++)
        {
            streams.Add(stream, stream + 5000);
            streams.Remove(stream);
            Assert.That(streams.TryFindStream(stream + 5000, out _) || streams.TryFindRequest(stream, out _), Is.False);
        }

        Assert.That(streams.Count, Is.Zero);
    }

    [Test]
    public void X14_a_request_id_of_two_streams_ends_with_either()
    {
        var streams = new WatchedStreams();
        streams.Add(1, 5);
        streams.Add(2, 5);
        streams.Remove(1);
        streams.Remove(2);
        Assert.That(streams.Count, Is.Zero);
        Assert.That(streams.TryFindStream(5, out _), Is.False);
    }
}
