using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;

namespace Signals.Remote;

/// <summary>Codec of a protobuf message.</summary>
internal sealed class MessageCodec<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T> : ISignalCodec<T>
{
    public string TypeName { get; } = RemoteNames.CheckTypeName($"proto:{((IMessage)Activator.CreateInstance<T>()!).Descriptor.FullName}", nameof(T));

    public void Encode(T value, IBufferWriter<byte> output) => ((IMessage)value!).WriteTo(output);

    public T Decode(ReadOnlySpan<byte> input)
    {
        T message = Activator.CreateInstance<T>();
        ((IMessage)message!).MergeFrom(input);
        return message;
    }
}
