using Signals.Remote.Wire;

namespace Signals.Tool.Hosts;

/// <summary>Lists the signals of a host that the client may import. Needs a connection without other imports.</summary>
internal sealed class SignalList : IAsyncDisposable
{
    private readonly SignalExchangeProxy _exchange;
    private readonly Ipc.CallOptions _options;
    private readonly CancellationTokenSource _end = new(Timeout.InfiniteTimeSpan, TimeProvider.System);

    /// <summary>The stream of batches that the list needs. It stays empty.</summary>
    private readonly IAsyncEnumerator<ExchangeBatch> _batches;

    private readonly Task<bool> _batch;

    private SignalList(SignalExchangeProxy exchange, Ipc.CallOptions options)
    {
        _exchange = exchange;
        _options = options;
        _batches = exchange.WatchAsync(new WatchRequest { Stream = 1 }, null, _end.Token).GetAsyncEnumerator(_end.Token);
        _batch = _batches.MoveNextAsync().AsTask();
    }

    /// <summary>Opens the list, or returns null if the host has no signals.</summary>
    internal static async Task<SignalList?> OpenAsync(HostSession host, CancellationToken cancellationToken)
    {
        var exchange = new SignalExchangeProxy();
        if (await host.TryBindAsync(exchange, cancellationToken).ConfigureAwait(false))
        {
            return new SignalList(exchange, host.BuiltIn);
        }

        exchange.Dispose();
        return null;
    }

    /// <summary>Returns the signals in the order of their names.</summary>
    internal async Task<IReadOnlyList<ExportInfo>> ReadAsync(CancellationToken cancellationToken)
    {
        List<ExportInfo> signals = [];
        ListReply page;
        do
        {
            var request = new ListRequest();
            if (signals is [.., var last])
            {
                request.After = last.Name;
            }

            page = await _exchange.ListAsync(request, _options, cancellationToken).ConfigureAwait(false);
            signals.AddRange(page.Exports);
        } while (page.HasMore && page.Exports.Count != 0);

        return signals;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await ((Task)_batch).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _batches.DisposeAsync().ConfigureAwait(false);
        _exchange.Dispose();
        _end.Dispose();
    }
}
