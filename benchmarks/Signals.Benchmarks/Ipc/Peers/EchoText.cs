using System.Globalization;

namespace Signals.Benchmarks.Ipc.Peers;

/// <summary>The texts that clients send and hosts return.</summary>
internal static class EchoText
{
    /// <summary>The number of bytes of the usual text.</summary>
    internal const int Size = 16;

    /// <summary>A number of messages that is never reached.</summary>
    internal const int Endless = int.MaxValue;

    /// <summary>The usual text.</summary>
    internal static string Usual { get; } = OfNumber(0);

    /// <summary>A text of <see cref="Size"/> bytes that requests a number of messages, and is the text of each.</summary>
    internal static string OfNumber(int number) => number.ToString($"D{Size}", CultureInfo.InvariantCulture);

    internal static string OfSize(int bytes) => new('x', bytes);
}
