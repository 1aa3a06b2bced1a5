using NUnit.Framework;
using Signals.Tests.Tracking.Protos;

namespace Signals.Tests.Tracking;

/// <summary>
/// Reads a trace as Perfetto's trace_processor does: it keeps the state of each sequence, gives events their names and tracks, and pairs the beginnings and the
/// ends of slices. Everything that a reader would reject fails the test.
/// </summary>
internal sealed class TraceReader
{
    private const uint Monotonic = 3;

    private readonly Dictionary<uint, Sequence> _sequences = [];
    private readonly Dictionary<ulong, TrackDescriptor> _tracks = [];
    private readonly Dictionary<ulong, Stack<Slice>> _open = [];
    private readonly List<(ulong Time, int Order, ulong Track, Slice? Begun)> _events = [];

    internal TraceReader(byte[] bytes)
    {
        Trace = Trace.Parser.ParseFrom(bytes);
        foreach (TracePacket packet in Trace.Packet)
        {
            Read(packet);
        }

        // Packets of different sequences are in any order.
        foreach ((_, _, ulong track, Slice? begun) in _events.OrderBy(static read => read.Time).ThenBy(static read => read.Order))
        {
            Nest(track, begun);
        }
    }

    internal Trace Trace { get; }

    internal List<Slice> Slices { get; } = [];

    /// <summary>Gets the values of counters, with the names of their tracks.</summary>
    internal List<(string Track, long Value)> Counters { get; } = [];

    internal IEnumerable<TrackDescriptor> Tracks => _tracks.Values;

    /// <summary>Gets the slices that have begun and not ended.</summary>
    internal IEnumerable<Slice> Open => _open.Values.SelectMany(static slices => slices);

    internal Slice[] Of(string category, string name) => [.. Slices.Where(slice => slice.Category == category && slice.Name == name)];

    private void Read(TracePacket packet)
    {
        Assert.That(packet.TrustedPacketSequenceId, Is.Not.Zero);
        if (!_sequences.TryGetValue(packet.TrustedPacketSequenceId, out Sequence? sequence))
        {
            _sequences.Add(packet.TrustedPacketSequenceId, sequence = new Sequence());
        }

        if ((packet.SequenceFlags & (uint)TracePacket.Types.SequenceFlags.SeqIncrementalStateCleared) != 0)
        {
            sequence.Clear();
        }

        if ((packet.SequenceFlags & (uint)TracePacket.Types.SequenceFlags.SeqNeedsIncrementalState) != 0)
        {
            Assert.That(sequence.IsCleared, Is.True, "A packet that needs state follows one that clears it.");
        }

        sequence.Add(packet);
        switch (packet.DataCase)
        {
            case TracePacket.DataOneofCase.TrackDescriptor:
                TrackDescriptor track = packet.TrackDescriptor;
                Assert.That(!_tracks.TryGetValue(track.Uuid, out TrackDescriptor? known) || known.Equals(track), Is.True, "A track has one description.");
                Assert.That(!track.HasParentUuid || _tracks.ContainsKey(track.ParentUuid), Is.True, "The parent is described first.");
                _tracks[track.Uuid] = track;
                break;
            case TracePacket.DataOneofCase.TrackEvent:
                Read(packet, packet.TrackEvent, sequence);
                break;
        }
    }

    private void Read(TracePacket packet, TrackEvent read, Sequence sequence)
    {
        ulong trackId = read.HasTrackUuid ? read.TrackUuid : sequence.Track;
        Assert.That(_tracks, Contains.Key(trackId), "The track of an event is described before.");
        if (read.Type == TrackEvent.Types.Type.Counter)
        {
            Assert.That(_tracks[trackId].Counter, Is.Not.Null);
            Counters.Add((_tracks[trackId].Name, read.CounterValue));
            return;
        }

        Assert.That(_tracks[trackId].Counter, Is.Null);
        Assert.That(sequence.Clock, Is.EqualTo(Monotonic));
        Slice? begun =
            read.Type == TrackEvent.Types.Type.SliceEnd
                ? null
                : new Slice(
                    sequence.Categories[read.CategoryIids.Single()],
                    sequence.Names[read.NameIid],
                    _tracks[trackId],
                    [.. read.FlowIds],
                    [.. read.TerminatingFlowIds]
                );
        _events.Add((packet.Timestamp, _events.Count, trackId, begun));
    }

    private void Nest(ulong track, Slice? begun)
    {
        if (!_open.TryGetValue(track, out Stack<Slice>? open))
        {
            _open.Add(track, open = []);
        }

        if (begun is null)
        {
            Assert.That(open, Is.Not.Empty, "Each end has a beginning.");
            open.Pop();
            return;
        }

        begun.Parent = open.Count == 0 ? null : open.Peek();
        open.Push(begun);
        Slices.Add(begun);
    }

    private sealed class Sequence
    {
        private readonly HashSet<ulong> _usedNames = [];

        internal bool IsCleared { get; private set; }

        internal ulong Track { get; private set; }

        internal uint Clock { get; private set; }

        internal Dictionary<ulong, string> Names { get; } = [];

        internal Dictionary<ulong, string> Categories { get; } = [];

        internal void Clear()
        {
            IsCleared = true;
            Names.Clear();
            Categories.Clear();
        }

        internal void Add(TracePacket packet)
        {
            if (packet.TracePacketDefaults is { } defaults)
            {
                (Track, Clock) = (defaults.TrackEventDefaults.TrackUuid, defaults.TimestampClockId);
            }

            foreach (EventName name in packet.InternedData?.EventNames ?? [])
            {
                Assert.That(_usedNames.Add(name.Iid), Is.True, "A number is not used for two names, also after the state was cleared.");
                Names.Add(name.Iid, name.Name);
            }

            foreach (EventCategory category in packet.InternedData?.EventCategories ?? [])
            {
                Categories.Add(category.Iid, category.Name);
            }
        }
    }
}
