using Google.Protobuf;
using Google.Protobuf.Reflection;
using Signals.Ipc.Framing;

namespace Signals.Ipc.Services;

/// <summary>One method of a service, as its .proto file declares it.</summary>
internal sealed class ServiceMethod
{
    private readonly MessageParser _replyParser;

    /// <summary>The decoder of the replies, or null before its first use.</summary>
    private object? _replyDecoder;

    internal ServiceMethod(MethodDescriptor descriptor, int index)
    {
        if (descriptor.IsClientStreaming)
        {
            throw new ArgumentException(
                $"{descriptor.FullName} takes a stream of requests. The protocol supports only streams of replies.",
                nameof(descriptor)
            );
        }

        if (descriptor.InputType.ClrType is null || descriptor.OutputType.ClrType is null)
        {
            throw new ArgumentException(
                $"The messages of {descriptor.FullName} have no generated classes. Use the descriptor of a class that protoc generated.",
                nameof(descriptor)
            );
        }

        Name = descriptor.Name;
        ServiceName = descriptor.Service.Name;
        FullName = $"{descriptor.Service.Name}.{descriptor.Name}";
        RpcName = $"{descriptor.Service.FullName}/{descriptor.Name}";
        Index = index;
        IsStreaming = descriptor.IsServerStreaming;
        RequestType = descriptor.InputType.ClrType;
        ReplyType = descriptor.OutputType.ClrType;
        RequestParser = descriptor.InputType.Parser;
        _replyParser = descriptor.OutputType.Parser;
    }

    internal string Name { get; }

    /// <summary>Gets the short name of the service.</summary>
    internal string ServiceName { get; }

    /// <summary>Gets the name of the service and the method, for texts that people read.</summary>
    internal string FullName { get; }

    /// <summary>Gets the fully qualified name of the service and the method, for activities and measurements.</summary>
    internal string RpcName { get; }

    /// <summary>Gets the index in <see cref="MethodTable.Methods"/>. The method id on the wire is another number.</summary>
    internal int Index { get; }

    /// <summary>Gets a value that indicates whether the method returns a stream.</summary>
    internal bool IsStreaming { get; }

    internal Type RequestType { get; }

    internal Type ReplyType { get; }

    internal MessageParser RequestParser { get; }

    /// <summary>Gets the decoder of the replies.</summary>
    internal MessageDecoder<TReply> ReplyDecoderOf<TReply>()
        where TReply : class, IMessage<TReply>
    {
        if (_replyDecoder is MessageDecoder<TReply> decoder)
        {
            return decoder;
        }

        decoder = new MessageDecoder<TReply>((MessageParser<TReply>)_replyParser);
        _replyDecoder = decoder;
        return decoder;
    }
}
