using System.Diagnostics;

namespace Signals.Remote;

/// <summary>The connection of an exchange within a process: an outlet and the imports, which pass items to each other.</summary>
internal sealed class LocalLink : IRemoteLink
{
    private const int NoLimit = int.MaxValue;

    private readonly RemoteImports _imports;
    private readonly RemoteOutlet _outlet;

    /// <summary>Orders the batches, which emitting threads take. No user code runs inside it.</summary>
    private readonly Lock _lock = new();

    internal LocalLink(RemoteExports exports, RemoteImports imports)
    {
        _imports = imports;
        _outlet = exports.Accept(
            new RemoteSubscriber(1, Environment.ProcessId),
            new RemoteOutletOptions { MaxValueBytes = NoLimit, MaxSubscriptions = NoLimit },
            Deliver
        );
    }

    public void Send(RemoteOperation operation, ReadOnlyMemory<byte> message) => _outlet.Handle(operation, message.Span);

    public Task<ReadOnlyMemory<byte>> CallAsync(RemoteOperation operation, ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
        _outlet.CallAsync(operation, message, cancellationToken);

    private void Deliver(uint stream)
    {
        bool hasItems;
        do
        {
            var changes = default(InChanges);
            lock (_lock)
            {
                AssertInvariants();
                List<OutItem> items = _imports.Lists.Rent();
                _outlet.Take(stream, items, NoLimit);
                hasItems = items.Count > 0;
                if (hasItems)
                {
                    changes = _imports.Keep(this, stream, items);
                }
                else
                {
                    _imports.Lists.Return(items);
                }
            }

            if (hasItems)
            {
                _imports.Tell(changes);
                _imports.Schedule(this, stream);
            }
        } while (hasItems);
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants() => Debug.Assert(_lock.IsHeldByCurrentThread);
}
