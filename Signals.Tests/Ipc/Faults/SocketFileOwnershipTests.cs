using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Microsoft.Extensions.Logging;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Transport.Sockets;
using Signals.Tests.Ipc.Host;

namespace Signals.Tests.Ipc.Faults;

/// <summary>K3, H9: a host removes its own socket file and those of hosts that have ended, changes the mode of its own file, and of no other.</summary>
[Platform("Linux")]
[UnsupportedOSPlatform("windows")]
public sealed class SocketFileOwnershipTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode Everybody = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    [Test]
    public async Task H9_host_that_stops_keeps_the_file_of_the_host_that_replaced_it([Values] bool hasSameTime)
    {
        await using var first = new TestHost();
        DateTime written = File.GetLastWriteTimeUtc(first.Path);
        File.Delete(first.Path);
        await using var second = new IpcHost();
        second.Expose(new ScriptedGreeter());
        second.Start(first.Endpoint);
        if (hasSameTime)
        {
            File.SetLastWriteTimeUtc(first.Path, written);
        }

        await first.Host.StopAsync().Within("stopping");
        Assert.That(File.Exists(first.Path), Is.True, "The socket file of the second host.");
        using RawClient client = RawClient.Bound(first.Endpoint);
        client.AssertIsServed();
    }

    [Test]
    public async Task H9_host_removes_its_file_even_if_its_time_and_mode_were_changed()
    {
        await using var host = new TestHost();
        File.SetLastWriteTimeUtc(host.Path, DateTime.UtcNow + TimeSpan.FromDays(1));
        File.SetUnixFileMode(host.Path, Everybody);
        await host.Host.StopAsync().Within("stopping");
        Assert.That(File.Exists(host.Path), Is.False);
    }

    [Test]
    public async Task K3_file_that_another_program_has_locked_is_refused_and_kept()
    {
        using var path = new SocketPath();
        await File.WriteAllTextAsync(path.Text, "precious");
        await using (new FileStream(path.Text, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            await AssertRefusedAsync(path, "not a socket");
        }

        Assert.That(await File.ReadAllTextAsync(path.Text), Is.EqualTo("precious"));
    }

    [Test]
    public async Task K3_program_that_is_running_is_refused_and_kept()
    {
        using var path = new SocketPath();
        File.Copy("/bin/sleep", path.Text);
        using Process process = Process.Start(path.Text, "1000");
        try
        {
            await AssertRefusedAsync(path, "not a socket");
            Assert.That(File.Exists(path.Text), Is.True);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    [Test]
    public async Task K3_link_is_refused_and_kept_regardless_of_its_target([Values] bool leadsToDeadSocket)
    {
        using var path = new SocketPath();
        string target = Path.Combine(path.Folder, "target");
        if (leadsToDeadSocket)
        {
            DeadSocket.Leave(target);
        }
        else
        {
            await File.WriteAllTextAsync(target, "precious");
        }

        File.CreateSymbolicLink(path.Text, target);
        await AssertRefusedAsync(path, "a symbolic link");
        Assert.That((File.Exists(target), new FileInfo(path.Text).LinkTarget), Is.EqualTo((true, target)));
    }

    [Test]
    public async Task K3_folder_pipe_or_device_is_refused_and_kept()
    {
        using var path = new SocketPath();
        using (Process made = Process.Start("mkfifo", path.Text))
        {
            await made.WaitForExitAsync();
        }

        await AssertRefusedAsync(path, "not a socket");
        Assert.That(File.Exists(path.Text), Is.True);
        await using var host = new IpcHost();
        Assert.That(() => host.Start(IpcEndpoint.Parse("/dev/null")), Throws.TypeOf<IpcException>().With.Message.Contains("not a socket"));
        Assert.That(() => host.Start(IpcEndpoint.Parse(path.Folder)), Throws.TypeOf<IpcException>().With.Message.Contains("a folder"));
    }

    [Test]
    public async Task K3_link_that_another_user_creates_while_a_host_starts_does_not_change_the_mode_of_another_file()
    {
        using var path = new SocketPath();
        string precious = Path.Combine(path.Folder, "precious");
        await File.WriteAllTextAsync(precious, "precious");
        File.SetUnixFileMode(precious, OwnerOnly);
        string link = Path.Combine(path.Folder, "link");
        bool isOver = false;
        var planting = Task.Factory.StartNew(
            () =>
            {
                while (!Volatile.Read(ref isOver))
                {
                    File.CreateSymbolicLink(link, precious);
                    if (SpinWait.SpinUntil(() => File.Exists(path.Text), TimeSpan.FromMilliseconds(1)))
                    {
                        Try(() => File.Move(link, path.Text, overwrite: true));
                    }

                    File.Delete(link);
                }
            },
            TaskCreationOptions.LongRunning
        );
        for (int round = 0; round < 200; round++)
        {
            await using (var host = new IpcHost(new IpcHostOptions { SocketFileMode = Everybody }))
            {
                Try(() => host.Start(path.Endpoint));
            }

            Assert.That(File.GetUnixFileMode(precious), Is.EqualTo(OwnerOnly));
            File.Delete(path.Text);
        }

        Volatile.Write(ref isOver, true);
        await planting.Within("the end of the replacement");
        Assert.That(await File.ReadAllTextAsync(precious), Is.EqualTo("precious"));
    }

    [Test]
    public void K3_proof_recognizes_its_own_socket_after_other_clients_and_refuses_those_of_others()
    {
        using var path = new SocketPath();
        using Socket own = Listen(path.Text);
        string othersPath = path.Text + "2";
        using Socket others = Listen(othersPath);
        using RawClient client = RawClient.Connect(path.Endpoint);
        Socket early = OwnSocketProof.Prove(own, path.Text).Single();
        early.Dispose();
        client.AssertIsEnded();
        using RawClient second = RawClient.Connect(path.Endpoint);
        Assert.That(() => OwnSocketProof.Prove(own, othersPath), Throws.TypeOf<IOException>().With.Message.Contains("replaced"));
        second.AssertIsEnded();
        Assert.That(() => OwnSocketProof.Prove(own, path.Text + "3"), Throws.InstanceOf<SocketException>());
    }

    [Test]
    public async Task H9_host_whose_file_cannot_be_removed_closes_everything_and_then_throws_once([Values(1, 2)] int files, [Values] bool isDisposed)
    {
        using var path = new SocketPath();
        var before = new OpenSockets();
        var host = new IpcHost();
        host.Expose(new ScriptedGreeter());
        IpcEndpoint[] endpoints = [.. Enumerable.Range(0, files).Select(number => IpcEndpoint.Parse(Path.Combine(MakeFolder(path, number), "s")))];
        Array.ForEach(endpoints, endpoint => host.Start(endpoint));
        IpcEndpoint tcp = host.Start(IpcEndpoint.Parse("127.0.0.1:0"));
        using (RawClient first = RawClient.Bound(endpoints[0]))
        using (RawClient second = RawClient.Bound(tcp))
        {
            for (int number = 0; number < files; number++)
            {
                BreakFolder(path, number);
            }

            Task stopping = isDisposed ? host.DisposeAsync().AsTask() : host.StopAsync();
            await Bounded.UntilAsync(() => stopping.IsCompleted, "the end of stopping");
            Exception failure = stopping.Exception!.InnerException!;
            Exception[] failures = files == 1 ? [failure] : [.. ((AggregateException)failure).InnerExceptions];
            Assert.That(failures, Is.All.TypeOf<IpcException>());
            Assert.That(failures.Select(each => each.Message), Is.All.Contains("could not be removed"));
            Assert.That(endpoints.Select((endpoint, i) => failures[i].Message.Contains($"{endpoint}", StringComparison.Ordinal)), Is.All.True);
            first.AssertIsEnded();
            second.AssertIsEnded();
            Assert.That(host.ClientCount, Is.Zero);
            Assert.That(() => RawClient.Connect(tcp), Throws.InstanceOf<SocketException>());
        }

        await host.StopAsync().Within("stopping again");
        await host.DisposeAsync().Within("disposing");
        await before.AssertNoneLeftAsync();
    }

    [Test]
    public async Task K3_host_whose_file_is_removed_or_replaced_logs_this_once([Values] bool isReplaced)
    {
        var logger = new ListLogger();
        await using var host = new TestHost(options: new IpcHostOptions { Logger = logger });
        File.Delete(host.Path);
        if (isReplaced)
        {
            await File.WriteAllTextAsync(host.Path, "another file");
        }

        await Bounded.UntilAsync(() => Warnings().Length > 0, Bounded.ProcessLimit, "the warning");
        Assert.That(
            Warnings(),
            Is.EqualTo(
                (string[])
                    [
                        $"The socket file {host.Endpoint} was removed or replaced by another program: new clients cannot reach this host until it listens there again",
                    ]
            )
        );

        string[] Warnings() => [.. logger.Entries.Where(entry => entry.Level == LogLevel.Warning).Select(entry => entry.Text)];
    }

    private static async Task AssertRefusedAsync(SocketPath path, string why)
    {
        await using var host = new IpcHost();
        Assert.That(() => host.Start(path.Endpoint), Throws.TypeOf<IpcException>().With.Message.Contains(path.Text).And.Message.Contains(why));
    }

    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (exception is IOException or IpcException)
        {
            // Another one was faster.
        }
    }

    private static Socket Listen(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen();
        return socket;
    }

    private static string MakeFolder(SocketPath path, int number) => Directory.CreateDirectory(Path.Combine(path.Folder, $"{number}")).FullName;

    /// <summary>Replaces a folder by a link to itself: not even the superuser can access a file in it.</summary>
    private static void BreakFolder(SocketPath path, int number)
    {
        string folder = Path.Combine(path.Folder, $"{number}");
        Directory.Move(folder, folder + ".moved");
        File.CreateSymbolicLink(folder, folder);
    }
}
