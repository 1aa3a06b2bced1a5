using System.Buffers;

namespace Signals.Remote;

/// <summary>
/// The exporter's end of a network that distributes messages, such as a broker: each emission is taken from it once, whatever the number of importers. What
/// concerns one importer (a grant with the current value, a refusal, a withdrawn name) is taken from it in the same order.
/// </summary>
/// <remarks>
/// The exchange publishes the batches in the order in which it takes them. At the other end, a <see cref="RemoteInbox"/> takes them. All members are
/// thread-safe, but calls of <see cref="TryTake"/> must not overlap. <see cref="ExportOptions.Authorize"/> does not keep emissions from a process that can
/// read what is published.
/// </remarks>
public sealed class RemoteBroadcast : IDisposable
{
    /// <summary>The number of items that concern one importer and may wait, of all importers.</summary>
    private const int MaxUnsentEvents = 1024 * 1024;

    private readonly RemoteExports _exports;
    private readonly RemoteOutletOptions _options;
    private readonly RemoteOutlet _outlet;
    private readonly OutStream _stream;

    /// <summary>The items that were taken, and the index of the next one. Used by the caller of <see cref="TryTake"/> only.</summary>
    private readonly List<OutItem> _items = [];
    private int _next;

    internal RemoteBroadcast(RemoteExports exports, RemoteOutletOptions options, Action ready)
    {
        _exports = exports;
        _options = options.Copy();
        _outlet = exports.Accept(new RemoteSubscriber(0), _options, _ => ready());
        _stream = _outlet.BeginShared(MaxUnsentEvents);
    }

    /// <summary>Begins to serve an importer.</summary>
    /// <param name="subscriber">The importer, as the signals of exports see it.</param>
    /// <returns>
    /// The outlet, which handles the messages of the importer. Its batches are taken by <see cref="TryTake"/>, not from itself. The exchange disposes it when
    /// the importer is gone.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="subscriber"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The exports have been disposed.</exception>
    public RemoteOutlet Accept(RemoteSubscriber subscriber)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        return _exports.AddOutlet(subscriber, _options, static _ => { }, _stream);
    }

    /// <summary>Writes what is to be published next as a batch for one destination. What was taken counts as published.</summary>
    /// <param name="output">The buffer to which the batch is written.</param>
    /// <param name="maxBytes">
    /// The size above which the batch is ended. A batch exceeds it only with a single value, by <see cref="RemoteOutletOptions.MaxValueBytes"/> and
    /// a few bytes at most.
    /// </param>
    /// <param name="delivery">The destination.</param>
    /// <returns>
    /// <see langword="true"/> if a batch was written: call this method again. <see langword="false"/> if there is nothing to publish now: the delegate
    /// <c>ready</c> is called when there is.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="output"/> is null.</exception>
    public bool TryTake(IBufferWriter<byte> output, int maxBytes, out RemoteDelivery delivery)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (_next == _items.Count)
        {
            _items.Clear();
            _next = 0;
            _outlet.TakeShared(_items, maxBytes);
        }

        delivery = default;
        if (_items.Count == 0)
        {
            return false;
        }

        OutItem first = _items[_next];
        OutSubscription source = first.Source!;
        long last = 0;
        int bytes = 0;
        do
        {
            OutItem item = _items[_next];
            int size = (item.Payload?.Length ?? 0) + OutItemWriter.MaxOverhead;
            if (bytes > 0 && bytes + size > maxBytes)
            {
                break;
            }

            bytes += size;
            last = item.Number;
            OutItemWriter.Write(item, output);
            item.Payload?.Release();
            _next++;
        } while (_next < _items.Count && IsSameDestination(source, _items[_next].Source!));

        delivery = source.Importer is { } importer
            ? new RemoteDelivery { Importer = importer }
            : new RemoteDelivery
            {
                Name = source.Request.Name,
                TypeName = source.Request.Type,
                Epoch = source.Epoch,
                Before = (ulong)(first.Number - 1 - first.Missed),
                Last = (ulong)last,
            };
        return true;
    }

    /// <summary>Ends all subscriptions. Further calls do nothing.</summary>
    public void Dispose() => _outlet.Dispose();

    private static bool IsSameDestination(OutSubscription first, OutSubscription next) =>
        first.Importer is { } importer ? importer == next.Importer : first == next;
}
