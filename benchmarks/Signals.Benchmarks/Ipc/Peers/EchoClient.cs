using System.Diagnostics;

namespace Signals.Benchmarks.Ipc.Peers;

/// <summary>A client of one of the compared libraries. Its host, in another process, replies with the text of each call.</summary>
internal abstract class EchoClient : IAsyncDisposable
{
    /// <summary>Makes calls until the turn ends, and checks every reply. Returns the number of replies.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="window">The number of calls in flight. Each is followed by the next one when its reply has arrived.</param>
    /// <param name="text">The text to send.</param>
    internal virtual async Task<long> CallAsync(Turn turn, int window, string text) =>
        (await Task.WhenAll(Enumerable.Range(0, window).Select(_ => Task.Run(() => CallInTurnAsync(turn, text))))).Sum();

    /// <summary>Makes one call.</summary>
    internal abstract Task CallOnceAsync(string text);

    /// <summary>Measures calls that are made one after the other.</summary>
    /// <param name="text">The text to send.</param>
    /// <param name="microseconds">Receives the time of each call.</param>
    internal virtual async Task TimeAsync(string text, double[] microseconds)
    {
        for (int i = 0; i < microseconds.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            await CallOnceAsync(text);
            microseconds[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }
    }

    /// <summary>Sends texts without replies, and completes when the host has received all.</summary>
    internal abstract Task SendAsync(string text, int count);

    /// <summary>Requests a stream of texts of 16 bytes, and completes when all have arrived.</summary>
    internal abstract Task WatchAsync(int count);

    public abstract ValueTask DisposeAsync();

    /// <summary>Makes calls one after the other until the turn ends. Returns their number.</summary>
    protected abstract Task<long> CallInTurnAsync(Turn turn, string text);

    /// <exception cref="InvalidOperationException">The condition is false.</exception>
    protected static void Require(bool isRight)
    {
        if (!isRight)
        {
            throw new InvalidOperationException("A reply was not the text of its call, or a message was lost.");
        }
    }

    /// <summary>Waits for a call that has been canceled.</summary>
    /// <typeparam name="TException">The exception with which such calls end.</typeparam>
    /// <exception cref="InvalidOperationException">The call ended successfully.</exception>
    protected static async Task RequireCanceledAsync<TException>(Task call)
        where TException : Exception
    {
        try
        {
            await call;
        }
        catch (TException)
        {
            return;
        }

        Require(false);
    }
}
