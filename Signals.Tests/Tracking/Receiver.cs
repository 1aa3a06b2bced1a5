namespace Signals.Tests.Tracking;

/// <summary>An object with slots.</summary>
internal sealed class Receiver
{
    internal int Sum { get; private set; }

    internal int Rings { get; private set; }

    internal void Receive(int value) => Sum += value;

    internal void Ring() => Rings++;
}
