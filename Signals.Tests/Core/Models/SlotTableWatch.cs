using System.Runtime.CompilerServices;

namespace Signals.Tests.Core.Models;

/// <summary>Observes the storage of signals' connections, and counts the changes of their tables.</summary>
internal sealed class SlotTableWatch
{
    private readonly Dictionary<SignalBase, Storage> _last = [];

    internal enum Event
    {
        /// <summary>A single connection is stored in the signal itself.</summary>
        Single,

        /// <summary>A dense table was created for a second connection.</summary>
        FirstTable,

        /// <summary>The dense table was replaced by a larger one.</summary>
        Replaced,

        /// <summary>The dense table grew by a chunk.</summary>
        ChunkAdded,

        /// <summary>The dense table was replaced by one that is not larger and not its spare.</summary>
        Compacted,

        /// <summary>The dense table was replaced by its spare.</summary>
        MovedToSpare,

        /// <summary>The dense table was released because there are no connections.</summary>
        TableGone,

        /// <summary>A single connection is stored in the signal itself after a dense table was released.</summary>
        SingleAgain,

        /// <summary>The dense table was replaced by its spare while an emission walked it.</summary>
        MovedToSpareUnderEmission,

        /// <summary>The dense table was replaced while an emission walked it.</summary>
        MovedUnderEmission,

        /// <summary>The dense table grew by a chunk while an emission walked it.</summary>
        ChunkAddedUnderEmission,

        /// <summary>Three or more emissions were active.</summary>
        NestedTwice,

        /// <summary>Hundreds of connections were active.</summary>
        Hundreds,
    }

    internal Dictionary<Event, int> Counts { get; } = Enum.GetValues<Event>().ToDictionary(seen => seen, _ => 0);

    /// <summary>Compares the storage with its state at the last call.</summary>
    internal void Look(SignalBase signal, int emissions)
    {
        Storage before = _last.GetValueOrDefault(signal);
        var dense = Slots(signal) as DenseTable<Delegate?>;
        bool single = Slots(signal) is Delegate;
        _last[signal] = new Storage(dense, dense?.Capacity ?? 0, single, before.HadTable || dense is not null);

        Count(Event.Single, single && !before.IsSingle);
        Count(Event.SingleAgain, single && !before.IsSingle && before.HadTable);
        Count(Event.NestedTwice, emissions >= 2);
        Count(Event.Hundreds, signal.ConnectionCount >= 200);
        Count(Event.FirstTable, before.Dense is null && dense is not null);
        Count(Event.TableGone, before.Dense is not null && dense is null);
        if (before.Dense is null || dense is null)
        {
            return;
        }

        bool moved = dense != before.Dense;
        bool larger = dense.Capacity > before.Capacity;
        bool spare = moved && before.Dense.Spare == dense;
        Count(Event.Replaced, moved && larger);
        Count(Event.MovedToSpare, spare);
        Count(Event.MovedToSpareUnderEmission, spare && emissions > 0);
        Count(Event.Compacted, moved && !larger && !spare);
        Count(Event.MovedUnderEmission, moved && emissions > 0);
        Count(Event.ChunkAdded, !moved && larger);
        Count(Event.ChunkAddedUnderEmission, !moved && larger && emissions > 0);
    }

    private static object? Slots(SignalBase signal) => Store(signal).Slots;

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_store")]
    private static extern ref SlotStore Store(SignalBase signal);

    private void Count(Event seen, bool isSeen) => Counts[seen] += isSeen ? 1 : 0;
}

/// <summary>Snapshot of a signal's storage.</summary>
internal readonly record struct Storage(DenseTable<Delegate?>? Dense, int Capacity, bool IsSingle, bool HadTable);
