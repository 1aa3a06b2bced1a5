using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using NUnit.Framework;
using Signals.Ipc;

namespace Signals.Tests.Hosting;

/// <summary>The rules D2, D4, D10 and D11 in a process of its own, which a service manager starts and stops.</summary>
[Platform("Linux")]
public sealed class ProcessTests
{
    private SocketPath _path = null!;

    [SetUp]
    public void ChoosePath() => _path = new SocketPath();

    [TearDown]
    public void RemovePath() => _path.Dispose();

    [Test]
    public async Task D4_SIGTERM_lets_calls_under_way_end_and_exits_with_0()
    {
        using SampleProcess process = StartPeer($"--Ipc:Host:Endpoint={_path.Text}");
        await process.WaitForAsync($"The host listens on {_path.Text}");
        await using var client = new IpcClient(_path.Endpoint);
        using var proxy = new GreeterProxy();
        await client.ConnectAsync().Within("connecting");
        await client.BindAsync(proxy).Within("binding");

        // The call has arrived before the reply to the next one.
        Task<GreeterReplyMsg> call = proxy.SayHelloAsync("Ada");
        await proxy.WaveGoodbye("Ada").Within("the reply");
        process.Send("TERM");
        Assert.That((await call.Within("the reply")).Message, Is.EqualTo("Hello Ada"));
        Assert.That(await process.ExitAsync(), Is.Zero, process.Output + process.Errors);
        Assert.That(File.Exists(_path.Text), Is.False);
    }

    [Test]
    public async Task D2_bad_endpoint_ends_the_program_with_the_key()
    {
        using SampleProcess process = StartPeer("--Ipc:Host:Endpoint=localhost:port");
        Assert.That(await process.ExitAsync(), Is.Not.Zero);
        Assert.That(process.Output + process.Errors, Does.Contain("Ipc:Host:Endpoint is \"localhost:port\""));
    }

    [Test]
    public async Task D10_client_that_connects_before_the_process_has_started_is_served_over_the_socket_that_it_inherits()
    {
        using var passed = new PassedDescriptors(PassedDescriptors.ListenAt(_path.Text), PassedDescriptors.ListenOnTcp());
        await using var client = new IpcClient(_path.Endpoint);
        using var proxy = new GreeterProxy();
        await client.ConnectAsync().Within("connecting");
        Task binding = client.BindAsync(proxy);

        // As systemd does: the descriptors begin at 3, and the process has the id of the variable.
        string inherit = $"exec 3<&{passed.First} 4<&{passed.First + 1} {passed.First}<&- {passed.First + 1}<&-";
        using SampleProcess process = StartShell(
            "bash",
            $"{inherit}; export LISTEN_FDS=2 LISTEN_FDNAMES=greeter:other LISTEN_PID=$$; exec dotnet '{Peer}' --Ipc:Host:SocketActivation=greeter"
        );
        PassedDescriptors.Close(passed.First);
        PassedDescriptors.Close(passed.First + 1);
        await binding.Within(Bounded.ProcessLimit, "binding");
        Assert.That((await proxy.WaveGoodbye("Ada").Within("the reply")).Message, Is.EqualTo("Goodbye Ada"));
        await process.WaitForAsync($"The host listens on {_path.Text}");
        process.Send("TERM");
        Assert.That(await process.ExitAsync(), Is.Zero, process.Output + process.Errors);
        Assert.That(File.Exists(_path.Text), Is.True, "The file belongs to the service manager.");
    }

    [Test]
    public async Task D11_systemd_is_told_when_the_host_listens_and_when_it_stops()
    {
        string notifyPath = Path.Combine(_path.Folder, "notify");
        using var notified = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        notified.Bind(new UnixDomainSocketEndPoint(notifyPath));

        // The library of Microsoft tells a service manager only if its process is called systemd.
        string manager = Path.Combine(_path.Folder, "systemd");
        File.Copy("/bin/bash", manager);
        using SampleProcess process = StartShell(
            manager,
            $"export NOTIFY_SOCKET='{notifyPath}'; dotnet '{Peer}' --Ipc:Host:Endpoint='{_path.Text}' & trap \"kill -TERM $!\" TERM; wait $!; wait $!"
        );
        Assert.That(await ReceiveAsync(notified), Is.EqualTo("READY=1"));
        await using (var client = new IpcClient(_path.Endpoint))
        {
            await client.ConnectAsync().Within("connecting");
        }

        process.Send("TERM");
        Assert.That(await ReceiveAsync(notified), Is.EqualTo("STOPPING=1"));
        Assert.That(await process.ExitAsync(), Is.Zero, process.Output + process.Errors);
    }

    private static string Peer => Path.Combine(AppContext.BaseDirectory, "Signals.Tests.HostingPeer.dll");

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        byte[] buffer = new byte[1000];
        Task<int> receiving = socket.ReceiveAsync(buffer);
        await receiving.Within(Bounded.ProcessLimit, "the notification");
        return Encoding.UTF8.GetString(buffer, 0, await receiving).TrimEnd();
    }

    private static SampleProcess StartShell(string shell, string script)
    {
        var start = new ProcessStartInfo(shell);
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(script);
        return SampleProcess.Start(start);
    }

    private static SampleProcess StartPeer(params string[] arguments) => SampleProcess.Start(Peer, arguments);
}
