using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Signals.Tests.Ipc.Support;

/// <summary>
/// A message class without generated code: its methods call delegates of the test. Its service has the methods of the Greeter.
/// </summary>
internal sealed class CustomMessage : IMessage<CustomMessage>, IBufferMessage
{
    /// <summary>The text whose parsing throws an exception that no generated message throws.</summary>
    internal const string Unexpected = "throw";

    /// <summary>The text whose parsing runs out of memory.</summary>
    internal const string OutOfMemory = "out of memory";

    private const uint TextTag = (1 << 3) | 2;

    /// <summary>Declared before the descriptor, which uses it.</summary>
    public static MessageParser<CustomMessage> Parser { get; } = new(() => new CustomMessage());

    private static readonly FileDescriptor File = MakeFile();

    public static ServiceDescriptor Service => File.Services[0];

    internal string Text { get; set; } = "";

    /// <summary>Called while the size is calculated.</summary>
    internal Action? OnSize { get; init; }

    /// <summary>Called in the middle of writing.</summary>
    internal Action? OnWrite { get; init; }

    public MessageDescriptor Descriptor => File.MessageTypes[0];

    public int CalculateSize()
    {
        OnSize?.Invoke();
        return 1 + CodedOutputStream.ComputeStringSize(Text);
    }

    public void WriteTo(CodedOutputStream output) => output.WriteRawMessage(this);

    public void InternalWriteTo(ref WriteContext output)
    {
        output.WriteRawTag((byte)TextTag);
        OnWrite?.Invoke();
        output.WriteString(Text);
    }

    public void MergeFrom(CodedInputStream input) => input.ReadRawMessage(this);

    public void MergeFrom(CustomMessage message) => Text = message.Text;

    public void InternalMergeFrom(ref ParseContext input)
    {
        while (input.ReadTag() == TextTag)
        {
            Text = input.ReadString();
        }

        switch (Text)
        {
            case Unexpected:
                throw new NotSupportedException("The message does not like this text.");
            case OutOfMemory:
                Text = new string('x', int.MaxValue);
                break;
        }
    }

    public CustomMessage Clone() => new() { Text = Text };

    public bool Equals(CustomMessage? other) => other?.Text == Text;

    public override bool Equals(object? obj) => Equals(obj as CustomMessage);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    private static FileDescriptor MakeFile()
    {
        var file = new FileDescriptorProto
        {
            Name = "custom.proto",
            MessageType = { new DescriptorProto { Name = nameof(CustomMessage) } },
            Service =
            {
                new ServiceDescriptorProto
                {
                    Name = "Custom",
                    Method = { Method("SayHello"), Method("WaveGoodbye"), Method("WatchGreetings", isStream: true) },
                },
            },
        };
        var type = new GeneratedClrTypeInfo(typeof(CustomMessage), Parser, [], null, null, null, null);
        return FileDescriptor.FromGeneratedCode(file.ToByteArray(), [], new GeneratedClrTypeInfo(null, null, [type]));

        static MethodDescriptorProto Method(string name, bool isStream = false) =>
            new()
            {
                Name = name,
                InputType = $".{nameof(CustomMessage)}",
                OutputType = $".{nameof(CustomMessage)}",
                ServerStreaming = isStream,
            };
    }
}
