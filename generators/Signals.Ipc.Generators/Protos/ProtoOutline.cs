namespace Signals.Ipc.Generators.Protos;

/// <summary>Finds the services and rpcs in the text of a .proto file.</summary>
internal static class ProtoOutline
{
    /// <summary>Returns the names in the order of the text.</summary>
    internal static IEnumerable<ProtoName> Read(string text)
    {
        var scanner = new ProtoScanner(text);
        string? service = null;
        int depth = 0;
        bool beginsStatement = true;
        while (scanner.Read())
        {
            string word = scanner.Word;
            string comment = scanner.Comment;
            bool isKeyword = beginsStatement && (depth == 0 ? word == "service" : depth == 1 && service is not null && word == "rpc");
            beginsStatement = word is ";" or "{" or "}";
            depth +=
                word == "{" ? 1
                : word == "}" ? -1
                : 0;
            if (depth == 0 && word == "}")
            {
                service = null;
            }

            if (!isKeyword || !scanner.Read())
            {
                continue;
            }

            bool isService = depth == 0;
            service = isService ? scanner.Word : service;
            yield return new ProtoName(service!, isService ? null : scanner.Word, comment, scanner.Span);
        }
    }
}
