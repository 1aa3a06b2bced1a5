using Signals.Benchmarks.Publishers;

namespace Signals.Benchmarks;

/// <summary>
/// How goals in nanoseconds travel from the machine of the document to this one at this moment: by what a slot of a C# event with 1,000
/// slots costs there and here. It is measured in turns with every row that needs it.
/// </summary>
/// <remarks>
/// Its slots are of one method: how well a processor guesses the next of several differs more between machines than what the goals are
/// about, and would make them too easy where it guesses badly. An event calls through the runtime, which inlines none.
/// </remarks>
internal static class Baseline
{
    /// <summary>What the document says for its machine.</summary>
    internal const double DocumentNanoseconds = 1.5;

    private const int SlotCount = 1_000;

    internal static Contender Create()
    {
        EventPublisher<long> publisher = PublisherFactory.CreateWith<EventPublisher<long>, EventSlot<long>, long>(
            PolymorphicSlots<long>.GetOfOneMethod(SlotCount)
        );
        return new Contender(PeerKind.Baseline, n => Loops.Emit<EventPublisher<long>, long>(publisher, n)) { Operations = SlotCount };
    }

    /// <summary>How much slower than the document's machine this one was while these were measured.</summary>
    internal static double SlownessOf(IEnumerable<Contender> contenders) =>
        contenders.Single(contender => contender.Kind == PeerKind.Baseline).Nanoseconds / DocumentNanoseconds;
}
