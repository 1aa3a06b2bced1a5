using System.Collections.Immutable;
using Signals.Ipc.Generators.Descriptors;
using Signals.Ipc.Generators.Support;

namespace Signals.Ipc.Generators.Stubs;

/// <summary>The messages of all .proto files whose C# code is part of the compilation.</summary>
internal sealed class MessageTable
{
    /// <summary>The C# names by the names in the .proto files, with the class that has the descriptor.</summary>
    private readonly ILookup<string, (string ReflectionClass, string Name)> _messages;

    internal MessageTable(ImmutableArray<ReflectionClass> classes) =>
        _messages = classes
            .Where(found => found.File is not null)
            .SelectMany(found => found.File!.Messages.Select(message => (found, message)))
            .ToLookup(pair => pair.message.FullName, pair => (pair.found.FullName, TypeNames.Join(pair.found.Namespace, pair.message.ClassName)));

    /// <summary>Returns the metadata name of a message's class, or null if the compilation has no code for it.</summary>
    /// <param name="user">The file that uses the message. Its own messages and those of its imports come first.</param>
    /// <param name="message">The full name in the .proto file.</param>
    internal string? Find(ReflectionClass user, string message) =>
        _messages[message]
            .OrderBy(found =>
                found.ReflectionClass == user.FullName ? 0
                : user.Imports.Contains(found.ReflectionClass) ? 1
                : 2
            )
            .Select(found => found.Name)
            .FirstOrDefault();
}
