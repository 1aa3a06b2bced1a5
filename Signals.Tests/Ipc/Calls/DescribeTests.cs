using Google.Protobuf;
using Google.Protobuf.Reflection;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Wire;

namespace Signals.Tests.Ipc.Calls;

/// <summary>A host describes its services to clients that ask.</summary>
public sealed class DescribeTests
{
    private const string Control = ControlCalls.Service;
    private const string Describe = "Describe";

    [Test]
    public async Task L1_host_describes_services_with_the_files_of_their_messages()
    {
        await using var host = new TestHost();
        host.Host.Expose(new OtherService());
        using RawClient client = RawClient.Connect(host.Endpoint);
        HostDescription description = HostDescription.Parser.ParseFrom(Ask(client, new DescribeRequest()));
        Assert.That(description.Services.Select(static service => service.Name), Is.EqualTo((string[])["Greeter", "Other"]));
        DescribedService greeter = description.Services[0];
        Assert.That(greeter.FullName, Is.EqualTo("Greeter"));
        Assert.That(
            greeter.Methods[2],
            Is.EqualTo(
                new DescribedMethod
                {
                    Name = "WatchGreetings",
                    Request = "GreeterRequestMsg",
                    Reply = "GreeterReplyMsg",
                    IsStream = true,
                }
            )
        );
        FileDescriptor file = FileDescriptor.BuildFromByteStrings(greeter.Files.Select(index => description.Files[(int)index]))[^1];
        Assert.That(
            file.Services.Single().Methods.Select(static method => method.Name),
            Is.EqualTo((string[])["SayHello", "WaveGoodbye", "WatchGreetings"])
        );
    }

    [Test]
    public void L1_file_of_several_services_is_contained_once()
    {
        ServiceDescriptor service = GreeterReflection.Descriptor.Services[0];
        HostDescription description = Signals.Ipc.Host.HostDescriber.Describe([service, service, OtherReflection.Descriptor.Services[0]]);
        Assert.That(description.Files, Has.Count.EqualTo(2));
        Assert.That(description.Services.Select(static described => described.Files.Single()), Is.EqualTo((uint[])[0, 0, 1]));
    }

    [TestCase("Greeter", 1)]
    [TestCase("greeter", 0)]
    [TestCase("", 0)]
    public async Task L1_one_service_can_be_asked_for(string name, int count)
    {
        await using var host = new TestHost();
        host.Host.Expose(new OtherService());
        using RawClient client = RawClient.Connect(host.Endpoint);
        HostDescription description = HostDescription.Parser.ParseFrom(Ask(client, new DescribeRequest { Service = name }));
        Assert.That((description.Services.Count, description.Files.Count), Is.EqualTo((count, count)));
    }

    [Test]
    public async Task L1_large_description_comes_in_parts_that_fit_into_frames()
    {
        await using var host = new TestHost(options: new IpcHostOptions { MaxFrameSize = 256 });
        using RawClient client = RawClient.Connect(host.Endpoint);
        Assert.That(HostDescription.Parser.ParseFrom(Ask(client, new DescribeRequest(), out int parts)).Services, Has.Count.EqualTo(1));
        Assert.That(parts, Is.GreaterThan(1));
    }

    [TestCase(null, Medium.SocketFile, true)]
    [TestCase(null, Medium.InMemory, true)]
    [TestCase(false, Medium.SocketFile, false)]
    [TestCase(false, Medium.InMemory, false)]
    [TestCase(true, Medium.SocketFile, true)]
    public async Task L1_host_describes_itself_on_this_machine_unless_told_otherwise(bool? describesItself, Medium medium, bool expected)
    {
        await using var host = new TestHost(options: new IpcHostOptions { DescribesItself = describesItself }, medium: medium);
        AssertHasMethod(host.Endpoint, expected);
    }

    [TestCase(null, false)]
    [TestCase(false, false)]
    [TestCase(true, true)]
    public async Task L1_host_does_not_describe_itself_over_tcp_unless_asked(bool? describesItself, bool expected)
    {
        await using var host = new IpcHost(new IpcHostOptions { DescribesItself = describesItself });
        AssertHasMethod(host.Start(IpcEndpoint.Parse("127.0.0.1:0")), expected);
    }

    [Test]
    public async Task L1_call_of_a_host_that_does_not_describe_itself_is_unimplemented()
    {
        await using var host = new TestHost(options: new IpcHostOptions { DescribesItself = false });
        using RawClient client = RawClient.Connect(host.Endpoint);
        uint service = client.Bind(Control).MsgBindServiceReply.ServiceId;

        // The number that the method has on other hosts.
        client.Send(ControlCalls.Call(service, method: 5, new DescribeRequest().ToByteString()));
        IPCFrame.Types.InvokeMethodReply reply = client.ReceiveReply(ControlCalls.RequestId);
        Assert.That((reply.Success, reply.StatusCode), Is.EqualTo((false, (uint)IpcStatusCode.Unimplemented)));
    }

    [Test]
    public async Task L1_request_that_cannot_be_parsed_fails()
    {
        await using var host = new TestHost();
        using RawClient client = RawClient.Connect(host.Endpoint);
        client.Send(ControlCalls.Call(client.Bind(Control).MsgBindServiceReply, Describe, ByteString.CopyFrom(0x0A, 0x05)));
        IPCFrame.Types.InvokeMethodReply reply = client.ReceiveReply(ControlCalls.RequestId);
        Assert.That((reply.Success, reply.StatusCode), Is.EqualTo((false, (uint)IpcStatusCode.InvalidArgument)));
    }

    [Test]
    public async Task L1_client_that_asks_again_and_again_and_reads_nothing_is_paused()
    {
        await using var host = new TestHost(options: new IpcHostOptions { MaxUnsentBytes = 64 * 1024 });
        using RawClient client = RawClient.Connect(host.Endpoint);
        IPCFrame.Types.BindServiceReply control = client.Bind(Control).MsgBindServiceReply;
        byte[] requests = RawClient.Encode(Enumerable.Repeat(ControlCalls.Call(control, Describe, ByteString.Empty), 1000));
        var flood = new Worker(() =>
        {
            try
            {
                while (true)
                {
                    client.SendBytes(requests);
                }
            }
            catch (Exception exception) when (exception is System.Net.Sockets.SocketException or ObjectDisposedException)
            {
                // The test has ended.
            }
        });
        await Bounded.UntilAsync(() => host.Host.PausedClients == 1, "the pause");
        client.Dispose();
        flood.Join();
    }

    private static void AssertHasMethod(IpcEndpoint endpoint, bool expected)
    {
        using RawClient client = RawClient.Connect(endpoint);
        Assert.That(client.Bind(Control).MsgBindServiceReply.Methods.Any(static method => method.Name == Describe), Is.EqualTo(expected));
    }

    private static byte[] Ask(RawClient client, DescribeRequest request) => Ask(client, request, out _);

    private static byte[] Ask(RawClient client, DescribeRequest request, out int parts) =>
        ControlCalls.Ask(client, client.Bind(Control).MsgBindServiceReply, Describe, request.ToByteString(), out parts);

    private sealed class OtherService : Service
    {
        internal OtherService()
            : base(OtherReflection.Descriptor.Services[0]) => Unary<OtherMsg, OtherMsg>(Ping);

        private static ValueTask<OtherMsg> Ping(OtherMsg request, CallContext context) => new(request);
    }
}
