using System.Buffers;
using Google.Protobuf;
using Signals.Remote.Wire;

namespace Signals.Remote;

/// <summary>Writes items as the fields of an <see cref="ExchangeBatch"/>.</summary>
internal static class OutItemWriter
{
    /// <summary>The maximum number of bytes of an item besides its value.</summary>
    internal const int MaxOverhead = 48;

    private const byte ItemTag = (1 << 3) | 2;
    private const byte SubscriptionTag = 1 << 3;
    private const byte ValueTag = (2 << 3) | 2;
    private const byte NullTag = 3 << 3;
    private const byte MissedTag = 4 << 3;
    private const byte CurrentTag = 5 << 3;
    private const byte HopsTag = 6 << 3;
    private const byte GapTag = 7 << 3;
    private const byte NameTag = (12 << 3) | 2;

    internal static void Write(in OutItem item, IBufferWriter<byte> output)
    {
        if (item.Kind is OutKind.Granted or OutKind.Refused or OutKind.Withdrawn or OutKind.Path)
        {
            WriteEvent(item, output);
            return;
        }

        ReadOnlySpan<byte> value = item.Payload is EncodedPayload payload ? payload.Bytes : default;
        bool isNull = item.Payload is { IsNull: true };
        int size = 1 + Varint.SizeOf(item.Subscription);
        size +=
            item.Payload is null ? 2
            : isNull ? 2
            : 1 + Varint.SizeOf((ulong)value.Length) + value.Length;
        size += item.Missed == 0 ? 0 : 1 + Varint.SizeOf((ulong)item.Missed);
        size += item.Kind == OutKind.Current ? 2 : 0;
        int hops = item.Payload?.Hops ?? 0;
        size += hops == 0 ? 0 : 2;

        // Names are ASCII.
        size += item.Name is null ? 0 : 1 + Varint.SizeOf((ulong)item.Name.Length) + item.Name.Length;

        Span<byte> span = output.GetSpan(1 + Varint.MaxSize + size);
        int at = 0;
        span[at++] = ItemTag;
        at += Varint.Write(span[at..], (ulong)size);
        span[at++] = SubscriptionTag;
        at += Varint.Write(span[at..], item.Subscription);
        if (item.Missed != 0)
        {
            span[at++] = MissedTag;
            at += Varint.Write(span[at..], (ulong)item.Missed);
        }

        if (item.Kind == OutKind.Current)
        {
            span[at++] = CurrentTag;
            span[at++] = 1;
        }

        if (hops != 0)
        {
            span[at++] = HopsTag;
            span[at++] = (byte)hops;
        }

        if (item.Name is { } name)
        {
            span[at++] = NameTag;
            at += Varint.Write(span[at..], (ulong)name.Length);
            at += System.Text.Encoding.UTF8.GetBytes(name, span[at..]);
        }

        if (item.Payload is null)
        {
            span[at++] = GapTag;
            span[at++] = item.Kind == OutKind.TooLarge ? (byte)1 : (byte)2;
        }
        else if (isNull)
        {
            span[at++] = NullTag;
            span[at++] = 1;
        }
        else
        {
            span[at++] = ValueTag;
            at += Varint.Write(span[at..], (ulong)value.Length);
            value.CopyTo(span[at..]);
            at += value.Length;
        }

        output.Advance(at);
    }

    private static void WriteEvent(in OutItem item, IBufferWriter<byte> output)
    {
        var message = new ExchangeItem { Subscription = item.Subscription };
        if (item.Name is not null)
        {
            message.Name = item.Name;
        }

        switch (item.Kind)
        {
            case OutKind.Granted:
                message.Granted = (Grant)item.Content!;
                break;
            case OutKind.Refused:
                message.Refused = (string)item.Content!;
                break;
            case OutKind.Path:
                message.Path = (SourcePath)item.Content!;
                break;
            default:
                message.Withdrawn = true;
                break;
        }

        new ExchangeBatch { Items = { message } }.WriteTo(output);
    }
}
