using Google.Protobuf;
using Google.Protobuf.Reflection;
using NUnit.Framework;
using Signals.Ipc;

namespace Signals.Tests.Ipc.Host;

/// <summary>A service class cannot disagree with its .proto: where it does, it says so by name before any client comes.</summary>
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
    public async Task A_service_that_was_refused_leaves_its_name_free()
    {
        await using var host = new IpcHost();
        Assert.That(() => host.Expose(new Custom(_ => { })), Throws.InvalidOperationException);
        Assert.That(() => host.Expose(new ScriptedGreeter()), Throws.Nothing);
    }

    [Test]
    public void A_method_that_takes_another_request_than_the_proto_says_is_refused() =>
        Assert.That(
            () => new Custom(service => service.AddUnary<OtherMsg, GreeterReplyMsg>("SayHello")),
            Throws.InvalidOperationException.With.Message.EqualTo("rpc Greeter.SayHello takes GreeterRequestMsg in the .proto, not OtherMsg.")
        );

    [Test]
    public void A_method_that_returns_another_reply_than_the_proto_says_is_refused() =>
        Assert.That(
            () => new Custom(service => service.AddUnary<GreeterRequestMsg, OtherMsg>("SayHello")),
            Throws.InvalidOperationException.With.Message.EqualTo("rpc Greeter.SayHello returns GreeterReplyMsg in the .proto, not OtherMsg.")
        );

    [Test]
    public void A_single_answer_for_a_stream_is_refused() =>
        Assert.That(
            () => new Custom(service => service.AddUnary<GreeterRequestMsg, GreeterReplyMsg>("WatchGreetings")),
            Throws.InvalidOperationException.With.Message.Contains("returns a stream")
        );

    [Test]
    public void A_stream_for_a_single_answer_is_refused() =>
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

    /// <summary>A service that registers what a test tells it to.</summary>
    private sealed class Custom : Service
    {
        internal Custom(Action<Custom> register, ServiceDescriptor? descriptor = null)
            : base(descriptor ?? GreeterReflection.Descriptor.Services[0]) => register(this);

        internal void AddUnary<TRequest, TReply>(string method)
            where TRequest : class, IMessage<TRequest>
            where TReply : class, IMessage<TReply> =>
            Unary<TRequest, TReply>((_, _) => throw new NotSupportedException(), method);

        internal void AddStream<TRequest, TReply>(string method)
            where TRequest : class, IMessage<TRequest>
            where TReply : class, IMessage<TReply> =>
            Stream<TRequest, TReply>((_, _) => throw new NotSupportedException(), method);
    }
}
