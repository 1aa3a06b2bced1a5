using Signals.Benchmarks.Publishers;

namespace Signals.Benchmarks;

/// <summary>
/// Scales goals in nanoseconds from the machine of the document to this machine, by the cost of a slot of a C# event with 1,000 slots on both.
/// The cost is measured in turns with every row that needs it.
/// </summary>
/// <remarks>
/// The slots have one method. With several methods, the quality of the branch prediction differs more between machines than the measured
/// costs, and the goals would be too easy on processors that predict badly. An event calls its slots through the runtime, which inlines none.
/// </remarks>
internal static class Baseline
{
    /// <summary>The cost on the machine of the document.</summary>
    internal const double DocumentNanoseconds = 1.5;

    private const int SlotCount = 1_000;

    internal static Contender Create()
    {
        EventPublisher<long> publisher = PublisherFactory.CreateWith<EventPublisher<long>, EventSlot<long>, long>(
            PolymorphicSlots<long>.GetOfOneMethod(SlotCount)
        );
        return new Contender(PeerKind.Baseline, n => Loops.Emit<EventPublisher<long>, long>(publisher, n)) { Operations = SlotCount };
    }

    /// <summary>Returns the factor by which this machine was slower than that of the document during the measurement.</summary>
    internal static double SlownessOf(IEnumerable<Contender> contenders) =>
        contenders.Single(contender => contender.Kind == PeerKind.Baseline).Nanoseconds / DocumentNanoseconds;
}
