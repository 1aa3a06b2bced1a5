using Signals.Ipc;
using Signals.Ipc.Transport;
using Signals.Ipc.Transport.Memory;
using Signals.Systematic.Support;

namespace Signals.Systematic.Scenarios;

/// <summary>The two ends of a connection in memory.</summary>
internal static class TransportScenarios
{
    [Scenario(1000)]
    internal static async Task K2_all_bytes_of_a_peer_that_waits_for_room_arrive_before_its_end()
    {
        (MemoryTransport client, MemoryTransport host) = MemoryTransport.CreatePair(capacity: 2);
        Task sending = Task.Run(async () =>
        {
            for (ReadOnlyMemory<byte> rest = new byte[] { 1, 2, 3, 4, 5 }; !rest.IsEmpty; )
            {
                rest = rest[await client.SendAsync(rest)..];
            }

            client.Dispose();
        });
        byte[] received = new byte[6];
        int count = 0;
        for (int read = -1; read != 0; count += read)
        {
            read = await host.ReceiveAsync(received.AsMemory(count));
        }

        await sending;
        Check.That(received.AsSpan(0, count).SequenceEqual((byte[])[1, 2, 3, 4, 5]));
    }

    [Scenario(1000)]
    internal static async Task K2_send_and_watch_beside_the_end_of_the_peer_end_too()
    {
        (MemoryTransport client, MemoryTransport host) = MemoryTransport.CreatePair(capacity: 1);
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Exception? failure = null;
        Task sending = Task.Run(async () =>
        {
            try
            {
                while (true)
                {
                    await host.SendAsync(new byte[2]);
                }
            }
            catch (IOException exception)
            {
                failure = exception;
            }
        });
        Task watching = Task.Run(() =>
        {
            host.WatchHangup(_ => told.SetResult());
        });
        Task ending = Task.Run(() => client.Dispose());
        await Threads.WhenAll(sending, watching, ending);
        await told.Task;
        Check.That(host.Explain(failure!)?.Cause == DisconnectCause.ClosedByPeer);
    }

    [Scenario(1000)]
    internal static async Task K3_client_that_connects_beside_the_start_and_the_end_of_a_listener_is_accepted_or_closed()
    {
        IpcEndpoint endpoint = ClientRig.NextEndpoint();
        MemoryListener listener = MemoryListener.Listen(endpoint);
        var accepted = new List<IpcTransport>();
        listener.Accepted.Connect(accepted.Add);
        MemoryTransport? client = null;
        Task connecting = Task.Run(() => client = MemoryListener.TryConnect(endpoint));
        Task serving = Task.Run(() =>
        {
            listener.Start();
            listener.Dispose();
        });
        await Threads.WhenAll(connecting, serving);
        accepted.ForEach(transport => transport.Dispose());
        Check.That(accepted.Count == (client is null ? 0 : 1));
        Check.That(client is null || await client.ReceiveAsync(new byte[1]) == 0);
        Check.That(MemoryListener.TryConnect(endpoint) is null);
    }
}
