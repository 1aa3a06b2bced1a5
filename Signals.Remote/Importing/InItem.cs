using Google.Protobuf;
using Signals.Remote.Wire;

namespace Signals.Remote;

/// <summary>An item of a batch.</summary>
internal ref struct InItem
{
    internal uint Subscription;
    internal OutKind Kind;
    internal ulong Missed;
    internal int Hops;
    internal bool IsNull;
    internal ReadOnlySpan<byte> Value;

    /// <summary>The name, if the subscription is to a pattern.</summary>
    internal ReadOnlySpan<byte> NameBytes;

    /// <summary>The name of an exchange within the process, or null.</summary>
    internal string? DirectName;

    /// <summary>The encoded grant or reason.</summary>
    internal ReadOnlySpan<byte> Content;

    /// <summary>The value of an exchange within the process, or null.</summary>
    internal Payload? Direct;

    /// <summary>The grant or reason of an exchange within the process, or null.</summary>
    internal object? DirectContent;

    internal readonly bool IsEvent => Kind is OutKind.Granted or OutKind.Refused or OutKind.Withdrawn or OutKind.Path;

    /// <summary>Reads an item from its bytes.</summary>
    /// <exception cref="FormatException">The bytes are not an item.</exception>
    internal static InItem Read(ReadOnlySpan<byte> bytes)
    {
        var item = default(InItem);
        var reader = new FieldReader(bytes);
        bool isCurrent = false;
        while (reader.TryRead(out int field))
        {
            switch (field)
            {
                case 1 when !reader.IsBytes:
                    item.Subscription = (uint)reader.Number;
                    break;
                case 2 when reader.IsBytes:
                    item.Kind = OutKind.Value;
                    item.Value = reader.Bytes;
                    break;
                case 3 when !reader.IsBytes:
                    item.Kind = OutKind.Value;
                    item.IsNull = reader.Number != 0;
                    break;
                case 4 when !reader.IsBytes:
                    item.Missed = reader.Number;
                    break;
                case 5 when !reader.IsBytes:
                    isCurrent = reader.Number != 0;
                    break;
                case 6 when !reader.IsBytes:
                    item.Hops = (int)Math.Min(reader.Number, RemoteHops.Max + 1);
                    break;
                case 7 when !reader.IsBytes:
                    item.Kind = reader.Number == 1 ? OutKind.TooLarge : OutKind.Undecodable;
                    break;
                case 8 when reader.IsBytes:
                    item.Kind = OutKind.Granted;
                    item.Content = reader.Bytes;
                    break;
                case 9 when reader.IsBytes:
                    item.Kind = OutKind.Refused;
                    item.Content = reader.Bytes;
                    break;
                case 10 when !reader.IsBytes:
                    item.Kind = OutKind.Withdrawn;
                    break;
                case 12 when reader.IsBytes:
                    item.NameBytes = reader.Bytes;
                    break;
                case 11 when reader.IsBytes:
                    item.Kind = OutKind.Path;
                    item.Content = reader.Bytes;
                    break;
            }
        }

        if (isCurrent && item.Kind == OutKind.Value)
        {
            item.Kind = OutKind.Current;
        }

        return item;
    }

    /// <summary>Reads an item of an exchange within the process.</summary>
    internal static InItem From(in OutItem item) =>
        new()
        {
            Subscription = item.Subscription,
            Kind = item.Kind,
            Missed = (ulong)item.Missed,
            Hops = item.Payload?.Hops ?? 0,
            IsNull = item.Payload is { IsNull: true },
            Value = item.Payload is EncodedPayload encoded ? encoded.Bytes : default,
            Direct = item.Payload is EncodedPayload ? null : item.Payload,
            DirectContent = item.Content,
            DirectName = item.Name,
        };

    /// <summary>Returns the grant.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    internal readonly Grant ReadGrant() => DirectContent as Grant ?? Parse(Grant.Parser);

    /// <summary>Returns the path.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    internal readonly SourcePath ReadPath() => DirectContent as SourcePath ?? Parse(SourcePath.Parser);

    /// <summary>Returns the name, if the subscription is to a pattern.</summary>
    internal readonly string? ReadName(InSubscription subscription) =>
        subscription.Key.IsPattern ? DirectName ?? System.Text.Encoding.UTF8.GetString(NameBytes) : null;

    internal readonly string ReadReason()
    {
        const int maxLength = 1024;
        return DirectContent as string ?? System.Text.Encoding.UTF8.GetString(Content[..Math.Min(Content.Length, maxLength)]);
    }

    private readonly TMessage Parse<TMessage>(MessageParser<TMessage> parser)
        where TMessage : IMessage<TMessage>
    {
        try
        {
            return parser.ParseFrom(Content);
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidOperationException)
        {
            throw new FormatException($"The bytes are not a {typeof(TMessage).Name}.", exception);
        }
    }
}
