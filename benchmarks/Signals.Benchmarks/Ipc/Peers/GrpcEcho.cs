using Google.Protobuf;
using Greeter;
using Grpc.Core;

namespace Signals.Benchmarks.Ipc.Peers;

/// <summary>The methods of the service of gRPC, as its generator of code would describe them.</summary>
internal static class GrpcEcho
{
    private const string ServiceName = "greeter.Greeter";

    private static readonly Marshaller<GreeterRequestMsg> Request = CreateMarshaller(GreeterRequestMsg.Parser);
    private static readonly Marshaller<GreeterReplyMsg> Reply = CreateMarshaller(GreeterReplyMsg.Parser);

    internal static Method<GreeterRequestMsg, GreeterReplyMsg> SayHello { get; } = Create(MethodType.Unary, nameof(GrpcEchoService.SayHello));

    internal static Method<GreeterRequestMsg, GreeterReplyMsg> WaveGoodbye { get; } = Create(MethodType.Unary, nameof(GrpcEchoService.WaveGoodbye));

    internal static Method<GreeterRequestMsg, GreeterReplyMsg> SendHellos { get; } =
        Create(MethodType.ClientStreaming, nameof(GrpcEchoService.SendHellos));

    internal static Method<GreeterRequestMsg, GreeterReplyMsg> WatchGreetings { get; } =
        Create(MethodType.ServerStreaming, nameof(GrpcEchoService.WatchGreetings));

    private static Method<GreeterRequestMsg, GreeterReplyMsg> Create(MethodType type, string name) => new(type, ServiceName, name, Request, Reply);

    private static Marshaller<T> CreateMarshaller<T>(MessageParser<T> parser)
        where T : class, IMessage<T>, IBufferMessage =>
        Marshallers.Create(
            static (message, context) =>
            {
                context.SetPayloadLength(message.CalculateSize());
                message.WriteTo(context.GetBufferWriter());
                context.Complete();
            },
            context => parser.ParseFrom(context.PayloadAsReadOnlySequence())
        );
}
