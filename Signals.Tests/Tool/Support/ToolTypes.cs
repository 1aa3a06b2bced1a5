using Google.Protobuf;
using Google.Protobuf.Reflection;
using Signals.Tests.Tool.Protos;
using Signals.Tool.Json;

namespace Signals.Tests.Tool.Support;

/// <summary>The messages of the tests as the tool knows them: by descriptors that were read, without generated classes.</summary>
internal static class ToolTypes
{
    private static readonly MessageTypes Types = new(
        FileDescriptor.BuildFromByteStrings(Closure(EverythingReflection.Descriptor, []).Select(static file => file.SerializedData))
    );

    /// <summary>Gets the types for the oracle.</summary>
    internal static TypeRegistry Registry { get; } = TypeRegistry.FromFiles(EverythingReflection.Descriptor);

    internal static MessageFormatter Formatter { get; } = new(Types);

    internal static MessageEncoder Encoder { get; } = new(Types);

    internal static MessageDescriptor TypeOf(IMessage message) => TypeOf(message.Descriptor);

    internal static MessageDescriptor TypeOf(MessageDescriptor descriptor) =>
        Types.Find(descriptor.FullName) ?? throw new InvalidOperationException($"There is no {descriptor.FullName}.");

    private static IEnumerable<FileDescriptor> Closure(FileDescriptor file, HashSet<FileDescriptor> added)
    {
        if (!added.Add(file))
        {
            return [];
        }

        return [.. file.Dependencies.SelectMany(dependency => Closure(dependency, added)), file];
    }
}
