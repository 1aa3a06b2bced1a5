using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Signals.Tool.Hosts;

/// <summary>Makes the descriptors of services whose messages are kept encoded.</summary>
internal static class RawService
{
    private const string Package = "signals.tool.raw";

    private static readonly FileDescriptorProto Template = new()
    {
        Name = "raw.proto",
        Package = Package,
        MessageType = { new DescriptorProto { Name = nameof(RawMessage) } },
    };

    /// <summary>Gets the descriptor of <see cref="RawMessage"/>.</summary>
    internal static MessageDescriptor MessageDescriptor { get; } = Build(Template).MessageTypes[0];

    /// <summary>Returns the descriptor of a service that has the name of another one, and a single method of it.</summary>
    /// <param name="method">The method.</param>
    internal static ServiceDescriptor Of(MethodDescriptor method)
    {
        FileDescriptorProto file = Template.Clone();

        // A package of its own, in which the service may have any name.
        file.Package = $"{Package}.service";
        file.Name = "service.proto";
        string message = $".{file.Package}.{nameof(RawMessage)}";
        if (method.Service.Name == nameof(RawMessage))
        {
            file.MessageType[0].Name = $"{nameof(RawMessage)}_";
            message += "_";
        }

        file.Service.Add(
            new ServiceDescriptorProto
            {
                Name = method.Service.Name,
                Method =
                {
                    new MethodDescriptorProto
                    {
                        Name = method.Name,
                        InputType = message,
                        OutputType = message,
                        ServerStreaming = method.IsServerStreaming,
                    },
                },
            }
        );
        return Build(file).Services[0];
    }

    private static FileDescriptor Build(FileDescriptorProto file)
    {
        var message = new GeneratedClrTypeInfo(typeof(RawMessage), RawMessage.Parser, [], null, null, null, null);
        return FileDescriptor.FromGeneratedCode(file.ToByteArray(), [], new GeneratedClrTypeInfo(null, null, [message]));
    }
}
