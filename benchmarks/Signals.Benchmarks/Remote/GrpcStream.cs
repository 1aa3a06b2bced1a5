using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Signals.Benchmarks.Remote;

/// <summary>The method of the service of gRPC, as its generator of code would describe it: a stream of values.</summary>
internal static class GrpcStream
{
    internal static Method<Empty, BytesValue> Watch { get; } =
        new(MethodType.ServerStreaming, "values.Values", nameof(Watch), CreateMarshaller(Empty.Parser), CreateMarshaller(BytesValue.Parser));

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
