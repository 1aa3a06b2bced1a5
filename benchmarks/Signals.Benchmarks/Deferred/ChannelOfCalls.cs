using System.Threading.Channels;

namespace Signals.Benchmarks.Deferred;

/// <summary>The usual alternative to this library: a channel of slots with their arguments.</summary>
internal sealed class ChannelOfCalls<T>(Action<T>[] slots)
    where T : struct
{
    private readonly Channel<(Action<T> Slot, T Value)> _channel = Channel.CreateUnbounded<(Action<T>, T)>(
        new UnboundedChannelOptions { SingleReader = true }
    );

    internal void Write(int times)
    {
        ChannelWriter<(Action<T>, T)> writer = _channel.Writer;
        for (int i = 0; i < times; i++)
        {
            writer.TryWrite((slots[i & (slots.Length - 1)], default));
        }
    }

    internal void WriteAndRun(int times, int batch)
    {
        for (int i = 0; i < times; i++)
        {
            if (batch == 1)
            {
                _channel.Writer.TryWrite((slots[i & (slots.Length - 1)], default));
            }
            else
            {
                Write(batch);
            }

            RunAll();
        }
    }

    /// <summary>Runs all calls until the channel is completed.</summary>
    internal async Task RunUntilCompletedAsync()
    {
        while (await _channel.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            RunAll();
        }
    }

    internal void Complete() => _channel.Writer.Complete();

    private void RunAll()
    {
        ChannelReader<(Action<T> Slot, T Value)> reader = _channel.Reader;
        while (reader.TryRead(out (Action<T> Slot, T Value) call))
        {
            call.Slot(call.Value);
        }
    }
}
