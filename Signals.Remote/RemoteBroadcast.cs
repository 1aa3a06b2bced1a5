using System.Buffers;

namespace Signals.Remote;

/// <summary>
/// The exporter's end of a network that distributes messages, such as a broker. The exchange takes each emission once, regardless of the number of importers,
/// and in the same order the items for a single importer: a grant with the current value, a refusal, a withdrawn name.
/// </summary>
/// <remarks>
/// The exchange publishes the batches in the order in which it takes them. At the other end, a <see cref="RemoteInbox"/> receives them. All members are
/// thread-safe, but calls of <see cref="TryTake"/> must not overlap. <see cref="ExportOptions.Authorize"/> does not protect emissions from a process that can
/// read the published messages.
/// </remarks>
public sealed class RemoteBroadcast : IDisposable
{
    /// <summary>The maximum number of pending items for single importers, in total.</summary>
    private const int MaxUnsentEvents = 1024 * 1024;

    private readonly RemoteExports _exports;
    private readonly RemoteOutletOptions _options;
    private readonly RemoteOutlet _outlet;
    private readonly OutStream _stream;

    /// <summary>The items that were taken from the stream, and the index of the next one to write. Used by the caller of <see cref="TryTake"/> only.</summary>
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
    /// <param name="subscriber">The importer, which the signals of exports have as their argument.</param>
    /// <returns>
    /// The outlet, which handles the messages of the importer. Its batches are taken with <see cref="TryTake"/>, not from the outlet. The exchange disposes the
    /// outlet when the importer has ended.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="subscriber"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The exports have been disposed.</exception>
    public RemoteOutlet Accept(RemoteSubscriber subscriber)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        return _exports.AddOutlet(subscriber, _options, static _ => { }, _stream);
    }

    /// <summary>Takes the next items to publish, and writes them as a batch for one destination. Items that were taken count as published.</summary>
    /// <param name="output">The buffer to which the batch is written.</param>
    /// <param name="maxBytes">
    /// The size in bytes above which the batch ends. A batch exceeds it by a single value at most, which has up to
    /// <see cref="RemoteOutletOptions.MaxValueBytes"/> and a few bytes.
    /// </param>
    /// <param name="delivery">The destination.</param>
    /// <returns>
    /// <see langword="true"/> if a batch was written: call this method again. <see langword="false"/> if there are no items to publish: the delegate
    /// <c>ready</c> is called when there are.
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
