using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Wire;

namespace Signals.Tests.Product.Docs;

/// <summary>The worked example of docs/wire-protocol.md: a binding and its reply, a call and its reply.</summary>
public sealed class WireProtocolPageTests
{
    private const string Page = "docs/wire-protocol.md";
    private const string Fence = "```";

    /// <summary>The column at which the explanations begin.</summary>
    private const int BytesWidth = 40;

    [Test]
    public async Task Client_of_the_worked_example_sends_the_bytes_of_the_page()
    {
        byte[][] frames = ReadFrames();
        using var path = new SocketPath();
        using var host = new ScriptedHost(path.Endpoint);
        await using var client = new IpcClient(path.Endpoint);
        using var proxy = new GreeterProxy();
        Task binding = client.BindAsync(proxy);
        client.Connect();
        await host.AcceptAsync();
        Assert.That(await host.ReadAsync(frames[0].Length), Is.EqualTo(frames[0]), "BindService");

        // Without the announcement, after which a client of this library binds the control service before it calls.
        IPCFrame reply = IPCFrame.Parser.ParseFrom(frames[1].AsSpan(sizeof(int)));
        reply.MsgBindServiceReply.ClearControl();
        await host.SendAsync(reply);
        await binding.Within("binding");

        Task<GreeterReplyMsg> call = proxy.SayHelloAsync("Ada");
        Assert.That(await host.ReadAsync(frames[2].Length), Is.EqualTo(frames[2]), "InvokeMethod");
        await host.SendAsync(frames[3]);
        Assert.That((await call.Within("the reply")).Message, Is.EqualTo("Hello Ada"));
    }

    [Test]
    public async Task Host_of_the_worked_example_replies_with_the_bytes_of_the_page()
    {
        byte[][] frames = ReadFrames();
        await using var host = new TestHost();
        using RawClient client = RawClient.Connect(host.Endpoint);
        client.SendBytes(frames[0]);
        Assert.That(client.ReceiveBytes(frames[1].Length), Is.EqualTo(frames[1]), "BindServiceReply");
        client.SendBytes(frames[2]);
        Assert.That(client.ReceiveBytes(frames[3].Length), Is.EqualTo(frames[3]), "InvokeMethodReply");
    }

    [Test]
    public async Task Host_of_the_example_of_liveness_sends_the_bytes_of_the_page()
    {
        await using var host = new TestHost(options: new IpcHostOptions { KeepAlive = TimeSpan.FromSeconds(15) });
        using RawClient client = RawClient.Bound(host.Endpoint);
        IPCFrame.Types.BindServiceReply control = client.Bind("SignalsControl").MsgBindServiceReply;
        client.Send(
            new IPCFrame
            {
                RequestId = 4,
                MsgInvokeMethod = new IPCFrame.Types.InvokeMethod
                {
                    ServiceId = control.ServiceId,
                    MethodId = control.Methods.Single(method => method.Name == "Watch").Id,
                },
            }
        );
        byte[] ping = ReadFrames()[4];
        Assert.That(client.ReceiveBytes(ping.Length), Is.EqualTo(ping));
    }

    private static byte[][] ReadFrames()
    {
        var frames = new List<byte[]>();
        string[] lines = DocumentationPages.Lines(Page);
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i] == $"{Fence}hex")
            {
                int end = Array.IndexOf(lines, Fence, i);
                frames.Add(Convert.FromHexString(string.Concat(lines[(i + 1)..end].Select(BytesOf))));
                i = end;
            }
        }

        Assert.That(frames, Has.Count.EqualTo(5), "Frames in the worked examples.");
        return [.. frames];
    }

    private static string BytesOf(string line) => line[..Math.Min(line.Length, BytesWidth)].Replace(" ", "", StringComparison.Ordinal);
}
