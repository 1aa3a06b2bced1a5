using Signals.Benchmarks.Publishers;

namespace Signals.Benchmarks;

/// <summary>
/// Translates goals in nanoseconds from the machine of the document to this one at this moment, by the cost of a slot of a C# event with 1,000
/// slots there and here. That cost is measured in turns with every row that needs it.
/// </summary>
/// <remarks>
/// Its slots are of one method: how well a processor guesses the next of several differs more between machines than what the goals are
/// about, and would make them too easy where it guesses badly. An event calls through the runtime, which inlines none.
/// </remarks>
internal static class Baseline
{
    /// <summary>The figure that the document gives for its machine.</summary>
    internal const double DocumentNanoseconds = 1.5;

    private const int SlotCount = 1_000;

    internal static Contender Create()
    {
        EventPublisher<long> publisher = PublisherFactory.CreateWith<EventPublisher<long>, EventSlot<long>, long>(
            PolymorphicSlots<long>.GetOfOneMethod(SlotCount)
        );
        return new Contender(PeerKind.Baseline, n => Loops.Emit<EventPublisher<long>, long>(publisher, n)) { Operations = SlotCount };
    }

    /// <summary>Returns the factor by which this machine was slower than the document's while these were measured.</summary>
    internal static double SlownessOf(IEnumerable<Contender> contenders) =>
        contenders.Single(contender => contender.Kind == PeerKind.Baseline).Nanoseconds / DocumentNanoseconds;
}
