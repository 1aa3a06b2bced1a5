using System.Net.Sockets;
using NUnit.Framework;

namespace Signals.Tests.Ipc.Host;

/// <summary>H7: a client that always has something to read does not keep its thread.</summary>
[NonParallelizable]
internal sealed class TurnTests
{
    [Test]
    public async Task H7_more_flooding_clients_than_threads_do_not_starve_others()
    {
        ThreadPool.GetMaxThreads(out int workers, out int ports);
        ThreadPool.GetMinThreads(out int fewestWorkers, out int fewestPorts);
        await using var host = new TestHost();
        using RawClient good = RawClient.Bound(host.Endpoint);
        RawClient[] flooding = [.. Enumerable.Range(0, 4 * Environment.ProcessorCount).Select(_ => RawClient.Bound(host.Endpoint))];
        bool isOver = false;
        Thread[] threads = [.. flooding.Select(client => new Thread(() => SendZeros(client.Socket, ref isOver)) { IsBackground = true })];
        try
        {
            Assert.That(ThreadPool.SetMinThreads(1, 1) && ThreadPool.SetMaxThreads(Environment.ProcessorCount, ports), Is.True);
            Array.ForEach(threads, thread => thread.Start());
            for (int i = 0; i < 20; i++)
            {
                good.AssertIsServed();
            }
        }
        finally
        {
            Volatile.Write(ref isOver, true);
            ThreadPool.SetMaxThreads(workers, ports);
            ThreadPool.SetMinThreads(fewestWorkers, fewestPorts);
            Array.ForEach(flooding, client => client.Dispose());
        }

        Assert.That(threads.All(thread => thread.Join(Bounded.Limit)), Is.True);
    }

    /// <summary>Sends empty frames, which cost their sender less than their reader.</summary>
    private static void SendZeros(Socket socket, ref bool isOver)
    {
        byte[] zeros = new byte[256 * 1024];
        try
        {
            while (!Volatile.Read(ref isOver))
            {
                socket.Send(zeros);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }
}
