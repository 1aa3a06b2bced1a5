using Google.Protobuf;
using Google.Protobuf.Reflection;
using NUnit.Framework;
using Signals.Ipc;

namespace Signals.Tests.Ipc.Host;

/// <summary>A service class that differs from its .proto is refused, with the name of the method, before a client connects.</summary>
internal sealed class ServiceTests
{
    [Test]
    public async Task Exposing_a_service_with_an_rpc_that_has_no_method_names_the_rpc()
    {
        await using var host = new IpcHost();
        var service = new Custom(service => service.AddUnary<GreeterRequestMsg, GreeterReplyMsg>("SayHello"));
        Assert.That(() => host.Expose(service), Throws.InvalidOperationException.With.Message.Contains("Greeter.WaveGoodbye"));
    }

    [Test]
    public async Task A_service_that_was_refused_does_not_occupy_its_name()
    {
        await using var host = new IpcHost();
        Assert.That(() => host.Expose(new Custom(_ => { })), Throws.InvalidOperationException);
        Assert.That(() => host.Expose(new ScriptedGreeter()), Throws.Nothing);
    }

    [Test]
    public void A_method_with_a_request_type_that_differs_from_the_proto_is_refused() =>
        Assert.That(
            () => new Custom(service => service.AddUnary<OtherMsg, GreeterReplyMsg>("SayHello")),
            Throws.InvalidOperationException.With.Message.EqualTo("rpc Greeter.SayHello takes GreeterRequestMsg in the .proto file, not OtherMsg.")
        );

    [Test]
    public void A_method_with_a_reply_type_that_differs_from_the_proto_is_refused() =>
        Assert.That(
            () => new Custom(service => service.AddUnary<GreeterRequestMsg, OtherMsg>("SayHello")),
            Throws.InvalidOperationException.With.Message.EqualTo("rpc Greeter.SayHello returns GreeterReplyMsg in the .proto file, not OtherMsg.")
        );

    [Test]
    public void A_single_reply_for_a_stream_is_refused() =>
        Assert.That(
            () => new Custom(service => service.AddUnary<GreeterRequestMsg, GreeterReplyMsg>("WatchGreetings")),
            Throws.InvalidOperationException.With.Message.Contains("returns a stream")
        );

    [Test]
    public void A_stream_for_a_single_reply_is_refused() =>
        Assert.That(
            () => new Custom(service => service.AddStream<GreeterRequestMsg, GreeterReplyMsg>("SayHello")),
            Throws.InvalidOperationException.With.Message.Contains("returns one message")
        );

    [Test]
    public void A_method_that_the_proto_does_not_have_is_refused() =>
        Assert.That(
            () => new Custom(service => service.AddUnary<GreeterRequestMsg, GreeterReplyMsg>("SayNothing")),
            Throws.InvalidOperationException.With.Message.Contains("SayNothing")
        );

    [Test]
    public void Two_methods_for_one_rpc_are_refused() =>
        Assert.That(
            () =>
                new Custom(service =>
                {
                    service.AddUnary<GreeterRequestMsg, GreeterReplyMsg>("SayHello");
                    service.AddUnary<GreeterRequestMsg, GreeterReplyMsg>("SayHelloAsync");
                }),
            Throws.InvalidOperationException.With.Message.Contains("Greeter.SayHello")
        );

    [Test]
    public void A_service_that_takes_streams_is_refused() =>
        Assert.That(
            () => new Custom(_ => { }, OtherReflection.Descriptor.FindTypeByName<ServiceDescriptor>("Uploader")),
            Throws.ArgumentException.With.Message.Contains("Upload")
        );

    [Test]
    public void A_service_whose_messages_have_no_classes_is_refused()
    {
        var file = new FileDescriptorProto { Name = "dynamic.proto" };
        file.MessageType.Add(new DescriptorProto { Name = "Message" });
        var service = new ServiceDescriptorProto { Name = "Dynamic" };
        service.Method.Add(
            new MethodDescriptorProto
            {
                Name = "Call",
                InputType = ".Message",
                OutputType = ".Message",
            }
        );
        file.Service.Add(service);
        FileDescriptor descriptor = FileDescriptor.BuildFromByteStrings([file.ToByteString()])[0];
        Assert.That(() => new Custom(_ => { }, descriptor.Services[0]), Throws.ArgumentException.With.Message.Contains("Dynamic.Call"));
    }

    [Test]
    public void Null_arguments_are_refused_by_name()
    {
        using (Assert.EnterMultipleScope())
        {
            AssertNullRefused(() => new NoService(), "descriptor");
            AssertNullRefused(() => new Custom(service => service.AddNothing(kind: 0)), "handler");
            AssertNullRefused(() => new Custom(service => service.AddNothing(kind: 1)), "handler");
            AssertNullRefused(() => new Custom(service => service.AddNothing(kind: 2)), "handler");
            AssertNullRefused(() => new Custom(service => service.AddNothing(kind: 3)), "handler");
            AssertNullRefused(() => new Custom(service => service.AddNothing(kind: 4)), "handler");
            AssertNullRefused(() => new Custom(service => service.AddUnary<GreeterRequestMsg, GreeterReplyMsg>(null!)), "method");
            Assert.That(() => new IpcHost().Expose(null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("service"));
            AssertNullRefused(() => new CallContext(null!, "SayHello"), "client");
            AssertNullRefused(() => new CallContext(new ClientInfo(1), null!), "methodName");
        }
    }

    [Test]
    public async Task H4_writer_refuses_null_by_name_and_all_replies_after_the_last_one()
    {
        using var writers = new Received<ReplyWriter<GreeterReplyMsg>>();
        var service = new ManualGreeter();
        service.Watching.Connect(writers.Add);
        await using var host = new TestHost(service);
        using RawClient client = RawClient.Bound(host.Endpoint);
        client.Send(client.Call(3, "Ann"));
        ReplyWriter<GreeterReplyMsg> writer = writers.Next();
        using (Assert.EnterMultipleScope())
        {
            AssertNullRefused(() => writer.TryWrite(null!), "reply");
            AssertNullRefused(() => writer.WriteAsync(null!).AsTask(), "reply");
            Assert.That(() => writer.Complete(null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("reply"));
            Assert.That(() => writer.Fail(null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("reason"));
        }

        writer.Complete();
        Assert.That(() => writer.Complete(), Throws.InvalidOperationException.With.Message.Contains("WatchGreetings"));
        Assert.That(() => writer.Complete(ScriptedGreeter.Reply("late")), Throws.InvalidOperationException);
        Assert.That(() => writer.WriteAsync(ScriptedGreeter.Reply("late")).AsTask(), Throws.InvalidOperationException);
    }

    private static void AssertNullRefused(Func<object> make, string name) =>
        Assert.That(make, Throws.ArgumentNullException.With.Property("ParamName").EqualTo(name));

    /// <summary>A service that registers the methods of a test.</summary>
    private sealed class Custom : Service
    {
        internal Custom(Action<Custom> register, ServiceDescriptor? descriptor = null)
            : base(descriptor ?? GreeterReflection.Descriptor.Services[0]) => register(this);

        internal void AddUnary<TRequest, TReply>(string method)
            where TRequest : class, IMessage<TRequest>
            where TReply : class, IMessage<TReply> => Unary<TRequest, TReply>((_, _) => throw new NotSupportedException(), method);

        internal void AddStream<TRequest, TReply>(string method)
            where TRequest : class, IMessage<TRequest>
            where TReply : class, IMessage<TReply> => Stream<TRequest, TReply>((_, _) => throw new NotSupportedException(), method);

        internal void AddNothing(int kind)
        {
            switch (kind)
            {
                case 0:
                    Unary((Func<GreeterRequestMsg, CallContext, ValueTask<GreeterReplyMsg>>)null!, "SayHello");
                    break;
                case 1:
                    Unary((Func<GreeterRequestMsg, CallContext, Task<GreeterReplyMsg>>)null!, "SayHello");
                    break;
                case 2:
                    Unary((Func<GreeterRequestMsg, CallContext, GreeterReplyMsg>)null!, "SayHello");
                    break;
                case 3:
                    Stream((Func<GreeterRequestMsg, CallContext, IAsyncEnumerable<GreeterReplyMsg>>)null!, "WatchGreetings");
                    break;
                default:
                    Manual((Action<GreeterRequestMsg, ReplyWriter<GreeterReplyMsg>>)null!, "WatchGreetings");
                    break;
            }
        }
    }

    private sealed class NoService() : Service(null!);
}
