using System.Buffers;
using Google.Protobuf;
using NUnit.Framework;
using Signals.Remote;

namespace Signals.Tests.Remote;

/// <summary>The memory that an exporter and an importer allocate for an emission.</summary>
public sealed class EmissionAllocationTests
{
    private const int Cycles = 20;

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(8)]
    public void X5_emissions_allocate_nothing_once_their_queues_have_been_used(int subscribers)
    {
        // More than the length up to which a ring remains in any case.
        const int emissions = 2000;
        using var evaluator = new ConnectionEvaluator();
        using var exports = new RemoteExports(RemoteCapabilities.None, evaluator);
        using var signal = new Signal<Guid>();
        new Exporter(exports).Export("a", signal, new ExportOptions { Capacity = 2 * emissions });
        var ready = new List<RemoteOutlet>();
        for (int i = 0; i < subscribers; i++)
        {
            ready.Add(exports.Subscribe(i, "guid"));
        }

        // One item for the grant.
        byte[][] credits =
        [
            .. Enumerable
                .Range(0, Cycles)
                .Select(static cycle => new CreditRequest { Stream = 1, Taken = 1 + (ulong)(cycle + 1) * emissions }.ToByteArray()),
        ];
        var batch = new ArrayBufferWriter<byte>();
        bool isHandled = true;
        Run(0, Cycles / 2);
        Assert.That(Allocations.Of(() => Run(Cycles / 2, Cycles)), Is.Zero);
        Assert.That(isHandled, Is.True);

        void Run(int first, int end)
        {
            for (int cycle = first; cycle < end; cycle++)
            {
                for (int i = 0; i < emissions; i++)
                {
                    signal.Emit(default);
                }

                foreach (RemoteOutlet outlet in ready)
                {
                    while (outlet.TryWriteBatch(1, batch, 10_000))
                    {
                        batch.ResetWrittenCount();
                    }

                    isHandled &= outlet.Handle(RemoteOperation.Credit, credits[cycle]);
                }
            }
        }
    }

    [Test]
    public void X5_an_emission_that_is_received_allocates_nothing_besides_its_part_of_a_batch()
    {
        const int emissions = 2000;
        using var evaluator = new ConnectionEvaluator();
        using var exports = new RemoteExports(RemoteCapabilities.None, evaluator);
        using var imports = new RemoteImports(RemoteCapabilities.None, evaluator);
        using var signal = new Signal<Guid>();
        new Exporter(exports).Export("a", signal, new ExportOptions { Capacity = 2 * emissions });
        var link = new Link(exports);
        imports.Connect(link);
        long received = 0;
        RemoteSignal<Guid> import = new Importer(imports).Import<Guid>("a");
        import.Connect((Guid _) => received++);
        var batch = new ArrayBufferWriter<byte>();
        Run(1);
        Assert.That(import.State, Is.EqualTo(RemoteState.Live));
        Run(Cycles);

        // Each batch of some hundred emissions queues an action and reports a number.
        Assert.That(Allocations.Of(() => Run(Cycles)), Is.LessThan(Cycles * emissions));
        Assert.That(received, Is.EqualTo((1 + (2 * Cycles)) * emissions));

        void Run(int cycles)
        {
            for (int cycle = 0; cycle < cycles; cycle++)
            {
                for (int i = 0; i < emissions; i++)
                {
                    signal.Emit(default);
                }

                while (link.Outlet.TryWriteBatch(1, batch, 10_000))
                {
                    imports.Receive(link, 1, batch.WrittenSpan);
                    batch.ResetWrittenCount();
                    evaluator.EvaluateDeferredConnections();
                }
            }
        }
    }

    private sealed class Link(RemoteExports exports) : IRemoteLink
    {
        internal RemoteOutlet Outlet { get; } = exports.Accept(new RemoteSubscriber(1), new RemoteOutletOptions(), static _ => { });

        public void Send(RemoteOperation operation, ReadOnlyMemory<byte> message) => Outlet.Handle(operation, message.Span);

        public Task<ReadOnlyMemory<byte>> CallAsync(RemoteOperation operation, ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
            Outlet.CallAsync(operation, message, cancellationToken);
    }

    private sealed class Importer(RemoteImports imports) : ISignalImporter
    {
        public RemoteImports Imports => imports;
    }
}
