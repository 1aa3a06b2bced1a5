namespace Signals.Ipc.Generators.Descriptors;

/// <summary>
/// Reads an encoded <c>google.protobuf.FileDescriptorProto</c>. The generator has no reference to Google.Protobuf, which a compiler may have loaded
/// in another version.
/// </summary>
internal static class DescriptorReader
{
    /// <summary>Number of messages that may be nested in one another. protoc allows fewer.</summary>
    private const int MaxDepth = 100;

    private const int SignalOption = 50500;
    private const int PropertyOption = 50501;

    /// <summary>Reads a file descriptor.</summary>
    /// <exception cref="FormatException">The bytes are not a file descriptor.</exception>
    internal static FileDescription Read(ReadOnlySpan<byte> bytes)
    {
        string name = "";
        string package = "";
        var reader = new WireReader(bytes);
        while (reader.Read())
        {
            switch (reader.Field)
            {
                case 1:
                    name = reader.Text;
                    break;
                case 2:
                    package = reader.Text;
                    break;
            }
        }

        // The package precedes the messages in what protoc writes, but nothing requires that.
        var messages = new List<MessageDescription>();
        var services = new List<ServiceDescription>();
        reader = new WireReader(bytes);
        while (reader.Read())
        {
            switch (reader.Field)
            {
                case 4:
                    ReadMessage(reader.Content, package.Length == 0 ? "" : package + ".", "", messages, MaxDepth);
                    break;
                case 6:
                    services.Add(ReadService(reader.Content));
                    break;
            }
        }

        return new FileDescription(name, package, new(messages), new(services));
    }

    /// <summary>Adds a message and those that are nested in it.</summary>
    private static void ReadMessage(ReadOnlySpan<byte> bytes, string scope, string outerClass, List<MessageDescription> messages, int depth)
    {
        if (depth == 0)
        {
            throw new FormatException("Messages are nested too deeply.");
        }

        string name = "";
        var reader = new WireReader(bytes);
        while (reader.Read())
        {
            if (reader.Field == 1)
            {
                name = reader.Text;
            }
        }

        messages.Add(new MessageDescription(scope + name, outerClass + name));
        reader = new WireReader(bytes);
        while (reader.Read())
        {
            if (reader.Field == 3)
            {
                ReadMessage(reader.Content, $"{scope}{name}.", $"{outerClass}{name}+Types+", messages, depth - 1);
            }
        }
    }

    private static ServiceDescription ReadService(ReadOnlySpan<byte> bytes)
    {
        string name = "";
        var methods = new List<MethodDescription>();
        var reader = new WireReader(bytes);
        while (reader.Read())
        {
            switch (reader.Field)
            {
                case 1:
                    name = reader.Text;
                    break;
                case 2:
                    methods.Add(ReadMethod(reader.Content));
                    break;
            }
        }

        return new ServiceDescription(name, new(methods));
    }

    private static MethodDescription ReadMethod(ReadOnlySpan<byte> bytes)
    {
        string name = "";
        string request = "";
        string reply = "";
        bool hasRequestStream = false;
        bool hasReplyStream = false;
        bool isSignal = false;
        bool isProperty = false;
        var reader = new WireReader(bytes);
        while (reader.Read())
        {
            switch (reader.Field)
            {
                case 1:
                    name = reader.Text;
                    break;
                case 2:
                    request = reader.Text.TrimStart('.');
                    break;
                case 3:
                    reply = reader.Text.TrimStart('.');
                    break;
                case 4:
                    ReadOptions(reader.Content, ref isSignal, ref isProperty);
                    break;
                case 5:
                    hasRequestStream = reader.Flag;
                    break;
                case 6:
                    hasReplyStream = reader.Flag;
                    break;
            }
        }

        return new MethodDescription(name, request, reply, hasRequestStream, hasReplyStream, isSignal, isProperty);
    }

    private static void ReadOptions(ReadOnlySpan<byte> bytes, ref bool isSignal, ref bool isProperty)
    {
        var reader = new WireReader(bytes);
        while (reader.Read())
        {
            switch (reader.Field)
            {
                case SignalOption:
                    isSignal = reader.Flag;
                    break;
                case PropertyOption:
                    isProperty = reader.Flag;
                    break;
            }
        }
    }
}
