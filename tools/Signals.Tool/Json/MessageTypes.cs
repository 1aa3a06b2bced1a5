using Google.Protobuf.Reflection;

namespace Signals.Tool.Json;

/// <summary>Message types by their full names.</summary>
internal sealed class MessageTypes
{
    private readonly Dictionary<string, MessageDescriptor> _types = [];

    /// <param name="files">The files. If two declare a type of the same name, the first one is used. Imported files are included.</param>
    internal MessageTypes(params IEnumerable<FileDescriptor> files)
    {
        HashSet<FileDescriptor> added = [];
        foreach (FileDescriptor file in files)
        {
            Add(file, added);
        }
    }

    internal MessageDescriptor? Find(string fullName) => _types.GetValueOrDefault(fullName);

    private void Add(FileDescriptor file, HashSet<FileDescriptor> added)
    {
        if (!added.Add(file))
        {
            return;
        }

        AddTypes(file.MessageTypes);
        foreach (FileDescriptor dependency in file.Dependencies)
        {
            Add(dependency, added);
        }
    }

    private void AddTypes(IEnumerable<MessageDescriptor> types)
    {
        foreach (MessageDescriptor type in types)
        {
            _types.TryAdd(type.FullName, type);
            AddTypes(type.NestedTypes);
        }
    }
}
