using Signals.Benchmarks.Publishers;

namespace Signals.Benchmarks;

/// <summary>
/// How goals in nanoseconds travel from the machine of the document to this one at this moment: by what a slot of a C# event with 1,000
/// slots costs there and here. It is measured in turns with every row that needs it.
/// </summary>
internal static class Baseline
{
    /// <summary>What the document says for its machine.</summary>
    internal const double DocumentNanoseconds = 1.9;

    private const int SlotCount = 1_000;

    internal static Contender Create()
    {
        EventPublisher<int> publisher = PublisherFactory.CreateWith<EventPublisher<int>, EventSlot<int>, int>(
            PolymorphicSlots<int>.Get(SlotCount)
        );
        return new Contender(PeerKind.Baseline, n => Loops.Emit<EventPublisher<int>, int>(publisher, n)) { Operations = SlotCount };
    }

    /// <summary>How much slower than the document's machine this one was while these were measured.</summary>
    internal static double SlownessOf(IEnumerable<Contender> contenders) =>
        contenders.Single(contender => contender.Kind == PeerKind.Baseline).Nanoseconds / DocumentNanoseconds;
}
