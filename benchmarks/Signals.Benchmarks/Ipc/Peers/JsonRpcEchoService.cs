using System.Globalization;
using System.Runtime.CompilerServices;
using StreamJsonRpc;

namespace Signals.Benchmarks.Ipc.Peers;

/// <summary>The measured service of StreamJsonRpc, for one client. Its methods do the same as those of <see cref="EchoService"/>.</summary>
internal sealed class JsonRpcEchoService
{
    private const int ReadAhead = 1_000;
    private const int Batch = 100;

    private int _hellos;

    public string SayHello(string name)
    {
        Interlocked.Increment(ref _hellos);
        return name;
    }

    /// <summary>Returns the number of hellos since the last call.</summary>
    public int CountHellos() => Interlocked.Exchange(ref _hellos, 0);

    /// <summary>Never completes.</summary>
    public async Task<string> WaveGoodbye(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return "";
    }

    public IAsyncEnumerable<string> WatchGreetings(string name, CancellationToken cancellationToken)
    {
        int count = int.Parse(name, CultureInfo.InvariantCulture);
        IAsyncEnumerable<string> greetings = GreetAsync(name, count, cancellationToken);

        // A stream that does not end is left after its first message, for which batches would only be slower.
        return count == EchoText.Endless
            ? greetings
            : greetings.WithJsonRpcSettings(new JsonRpcEnumerableSettings { MaxReadAhead = ReadAhead, MinBatchSize = Batch });
    }

    private static async IAsyncEnumerable<string> GreetAsync(string name, int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int i = 0; i < count && !cancellationToken.IsCancellationRequested; i++)
        {
            yield return name;
        }

        await Task.CompletedTask;
    }
}
