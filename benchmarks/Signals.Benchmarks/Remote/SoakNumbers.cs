using Signals.Remote;

namespace Signals.Benchmarks.Remote;

/// <summary>Exports numbers, which a loop emits: one signal, one whose last emissions are replayed, and a property.</summary>
internal sealed class SoakNumbers : IAsyncDisposable
{
    internal const string Plain = "soak.numbers";
    internal const string Replayed = "soak.replayed";
    internal const string Last = "soak.last";

    /// <summary>The capacity, which is so small that slots are too slow at times.</summary>
    private const int Capacity = 64;

    private const int ReplayCount = 8;
    private const int Burst = 20;

    private static readonly TimeSpan BetweenBursts = TimeSpan.FromMilliseconds(1);

    private readonly Signal<long> _plain = new();
    private readonly Signal<long> _replayed = new();
    private readonly Property<long> _last = new(0);
    private readonly ExportedSignal _exportedPlain;
    private readonly ExportedSignal _exportedReplayed;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _emitting;

    internal SoakNumbers(ISignalExporter exporter)
    {
        _exportedPlain = exporter.Export(Plain, _plain, new ExportOptions { Capacity = Capacity });
        _exportedReplayed = exporter.Export(
            Replayed,
            _replayed,
            new ExportOptions
            {
                Capacity = Capacity,
                Replay = RemoteReplay.Last,
                ReplayCount = ReplayCount,
            }
        );
        exporter.Export(Last, _last, new ExportOptions { Capacity = Capacity });
        _emitting = EmitAsync(_end.Token);
    }

    /// <summary>Gets the number of subscriptions of the signals.</summary>
    internal int Subscribers => _exportedPlain.SubscriberCount + _exportedReplayed.SubscriberCount;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _emitting;
        _end.Dispose();
        _plain.Dispose();
        _replayed.Dispose();
    }

    private async Task EmitAsync(CancellationToken cancellationToken)
    {
        for (long number = 1; ; number++)
        {
            _plain.Emit(number);
            _replayed.Emit(number);
            _last.Value = number;
            if (number % Burst == 0)
            {
                try
                {
                    await Task.Delay(BetweenBursts, cancellationToken);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }
    }
}
