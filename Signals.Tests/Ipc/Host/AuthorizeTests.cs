using NUnit.Framework;
using Signals.Ipc;

namespace Signals.Tests.Ipc.Host;

/// <summary>H7, H10: checks of connecting clients run concurrently, and each has a time limit.</summary>
internal sealed class AuthorizeTests
{
    [Test]
    public async Task H7_H10_checks_that_block_delay_no_other_client()
    {
        const int Blocking = 40;
        using var gate = new ManualResetEventSlim();
        var options = new IpcHostOptions
        {
            AuthorizeTimeout = Timeout.InfiniteTimeSpan,
            Authorize = client =>
            {
                if (client.Id <= Blocking)
                {
                    gate.Wait();
                }

                return true;
            },
        };
        await using var host = new TestHost(options: options);
        RawClient[] waiting = [.. Enumerable.Range(0, Blocking).Select(_ => RawClient.Connect(host.Endpoint))];
        try
        {
            using RawClient good = RawClient.Bound(host.Endpoint);
            good.AssertIsServed();
            Assert.That(host.Host.ClientCount, Is.EqualTo(1));
        }
        finally
        {
            gate.Set();
            Array.ForEach(waiting, client => client.Dispose());
        }
    }

    [Test]
    public async Task H10_client_whose_check_takes_too_long_is_refused([Values] bool isAsync)
    {
        var time = new FakeTime();
        var logger = new ListLogger();
        using var gate = new ManualResetEventSlim();
        var cancelled = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var options = new IpcHostOptions
        {
            TimeProvider = time,
            Logger = logger,
            AuthorizeTimeout = TimeSpan.FromSeconds(3),
            Authorize = isAsync
                ? null
                : _ =>
                {
                    gate.Wait();
                    return true;
                },
            AuthorizeAsync = isAsync
                ? (_, token) =>
                {
                    token.Register(() => cancelled.SetResult(true));
                    return cancelled.Task;
                }
                : null,
        };
        await using var host = new TestHost(options: options);
        using RawClient client = RawClient.Connect(host.Endpoint);
        await Bounded.UntilAsync(() => time.Due.Length == 1, "the check");
        time.Advance(TimeSpan.FromSeconds(3));
        client.AssertIsEnded();
        Assert.That((host.Host.RefusedClientCount, host.Host.ClientCount), Is.EqualTo((1, 0)));
        var entry = logger.Entries.Single(entry => entry.Text == "Client 1 was refused. The authorization check failed.");
        Assert.That(entry.Exception!.Message, Is.EqualTo("The authorization check took longer than 00:00:03."));
        if (isAsync)
        {
            await cancelled.Task.Within("the cancellation of the check");
        }

        gate.Set();
    }

    [Test]
    public async Task H10_client_needs_the_consent_of_both_checks()
    {
        var options = new IpcHostOptions
        {
            Authorize = client => client.Id != 1,
            AuthorizeAsync = async (client, token) =>
            {
                await Task.Yield();
                token.ThrowIfCancellationRequested();
                return client.Id != 2 ? true : throw new InvalidOperationException("on purpose");
            },
        };
        await using var host = new TestHost(options: options);
        for (int i = 0; i < 2; i++)
        {
            using RawClient refused = RawClient.Connect(host.Endpoint);
            refused.AssertIsEnded();
        }

        using RawClient client = RawClient.Bound(host.Endpoint);
        client.AssertIsServed();
        Assert.That(host.Host.RefusedClientCount, Is.EqualTo(2));
    }

    [Test]
    public async Task H9_host_that_stops_refuses_clients_that_are_being_authorized()
    {
        using var gate = new ManualResetEventSlim();
        using var checking = new ManualResetEventSlim();
        var options = new IpcHostOptions
        {
            AuthorizeTimeout = Timeout.InfiniteTimeSpan,
            Authorize = _ =>
            {
                checking.Set();
                gate.Wait();
                return true;
            },
        };
        await using var host = new TestHost(options: options);
        using RawClient client = RawClient.Connect(host.Endpoint);
        Bounded.Wait(checking, "The check");
        await host.Host.StopAsync().Within("stopping");
        client.AssertIsEnded();
        gate.Set();
    }
}
