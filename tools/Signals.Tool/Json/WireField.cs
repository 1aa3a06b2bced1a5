using Google.Protobuf;

namespace Signals.Tool.Json;

/// <summary>The encoded value of a field.</summary>
/// <param name="Type">The wire type. That of a group is <see cref="WireFormat.WireType.StartGroup"/>.</param>
/// <param name="Bits">A number, as it was encoded. Zero for other wire types.</param>
/// <param name="Content">The bytes of a length-delimited field, or between the tags of a group. Empty for numbers.</param>
internal readonly record struct WireField(WireFormat.WireType Type, ulong Bits, ReadOnlyMemory<byte> Content);
