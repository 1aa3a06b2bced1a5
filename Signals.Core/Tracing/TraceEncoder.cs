using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>Encodes the events of a trace as packets. Used by one thread at a time.</summary>
/// <param name="output">The writer of the packets.</param>
internal sealed class TraceEncoder(ProtoWriter output)
{
    /// <summary>The number of the sequence with the packets that belong to no thread.</summary>
    internal const uint OwnSequence = 1;

    private const ulong NanosecondsPerSecond = 1_000_000_000;

    /// <summary>The names of the categories of slices, by their kinds.</summary>
    private static readonly string[] Categories = ["emission", "slot", "queue", "run"];

    /// <summary>The identifiers of tracks begin with a random number, so that traces of several processes can be put together.</summary>
    private readonly ulong _base = (ulong)Random.Shared.NextInt64();

    /// <summary>The evaluators that have a track.</summary>
    private readonly ConditionalWeakTable<EvaluatorRecord, object> _evaluators = [];

    private bool _hasDropTrack;

    private ulong ProcessTrack => _base;

    private ulong DropTrack => _base + 1;

    /// <summary>Writes the packets with which a trace begins.</summary>
    internal void Begin()
    {
        int packet = BeginPacket(OwnSequence);
        int snapshot = output.Begin(TraceFields.Packet.ClockSnapshot);
        ulong now = Nanoseconds(Stopwatch.GetTimestamp());
        Clock(TraceFields.Clocks.Monotonic, now);

        // The clock of the trace. It differs from the other one only if the machine has slept.
        Clock(TraceFields.Clocks.BootTime, now);
        Clock(TraceFields.Clocks.RealTime, (ulong)(DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100);
        output.End(snapshot);
        output.End(packet);

        packet = BeginPacket(OwnSequence);
        int track = BeginTrack(ProcessTrack, parent: null);
        int process = output.Begin(TraceFields.Track.Process);
        output.Number(TraceFields.Process.Pid, (ulong)Environment.ProcessId);
        output.Text(TraceFields.Process.Name, Path.GetFileName(Environment.ProcessPath) ?? "process");
        output.End(process);
        output.End(track);
        output.End(packet);
    }

    /// <summary>Writes an event of a thread.</summary>
    internal void Write(TraceBuffer buffer, in TraceEvent written)
    {
        TraceSequence sequence = buffer.Sequence;
        if (written.Evaluator is { } evaluator && !_evaluators.TryGetValue(evaluator, out _))
        {
            _evaluators.Add(evaluator, evaluator);
            WriteTrack(TrackOf(evaluator), evaluator.DisplayName, isCounter: false);
            WriteTrack(CounterOf(evaluator), $"pending: {evaluator.DisplayName}", isCounter: true);
        }

        if (!sequence.HasBegun || sequence.IsFull)
        {
            BeginSequence(buffer, sequence);
        }

        WriteEvent(sequence, written);
    }

    /// <summary>Writes the number of events that have been dropped.</summary>
    internal void WriteDropped(long count)
    {
        if (!_hasDropTrack)
        {
            _hasDropTrack = true;
            WriteTrack(DropTrack, "dropped events", isCounter: true);
        }

        int packet = BeginPacket(OwnSequence);
        output.Number(TraceFields.Packet.Timestamp, Nanoseconds(Stopwatch.GetTimestamp()));
        WriteCounter(DropTrack, count);
        output.End(packet);
    }

    private static ulong Nanoseconds(long timestamp) => (ulong)((UInt128)(ulong)timestamp * NanosecondsPerSecond / (ulong)Stopwatch.Frequency);

    private ulong TrackOf(TraceBuffer buffer) => _base + (1UL << 40) + buffer.Sequence.Id;

    private ulong TrackOf(EvaluatorRecord evaluator) => _base + (2UL << 40) + (ulong)evaluator.Id;

    private ulong CounterOf(EvaluatorRecord evaluator) => _base + (3UL << 40) + (ulong)evaluator.Id;

    private void WriteEvent(TraceSequence sequence, in TraceEvent written)
    {
        int packet = BeginPacket(sequence.Id);
        output.Number(TraceFields.Packet.Timestamp, Nanoseconds(written.Time));
        output.Number(TraceFields.Packet.SequenceFlags, TraceFields.Packet.NeedsState);
        if (written.Kind == TraceEventKind.Pending)
        {
            WriteCounter(CounterOf(written.Evaluator!), written.Value);
            output.End(packet);
            return;
        }

        ulong nameId = 0;
        if (written.Name is { } name)
        {
            nameId = sequence.IdOf(name, out bool isNew);
            if (isNew)
            {
                int interned = output.Begin(TraceFields.Packet.InternedData);
                Intern(TraceFields.Interned.Names, nameId, name);
                output.End(interned);
            }
        }

        int trackEvent = output.Begin(TraceFields.Packet.TrackEvent);
        output.Number(TraceFields.Event.Type, (ulong)(written.Kind == TraceEventKind.End ? TraceFields.Event.SliceEnd : TraceFields.Event.SliceBegin));
        if (nameId != 0)
        {
            output.Number(TraceFields.Event.CategoryIds, (ulong)written.Kind + 1);
            output.Number(TraceFields.Event.NameId, nameId);
        }

        if (written.Evaluator is { } evaluator)
        {
            output.Number(TraceFields.Event.TrackId, TrackOf(evaluator));
        }

        if (written.Flow != 0)
        {
            output.Fixed64(written.Kind == TraceEventKind.Run ? TraceFields.Event.TerminatingFlowIds : TraceFields.Event.FlowIds, written.Flow);
        }

        output.End(trackEvent);
        output.End(packet);
    }

    /// <summary>Writes the first packet of a sequence, and again when the reader has to forget the names.</summary>
    private void BeginSequence(TraceBuffer buffer, TraceSequence sequence)
    {
        int packet = BeginPacket(sequence.Id);
        output.Number(TraceFields.Packet.SequenceFlags, TraceFields.Packet.IsCleared);
        if (!sequence.HasBegun)
        {
            output.Number(TraceFields.Packet.IsFirstOfSequence, 1);
        }

        int defaults = output.Begin(TraceFields.Packet.Defaults);
        output.Number(TraceFields.PacketDefaults.ClockId, TraceFields.Clocks.Monotonic);
        int events = output.Begin(TraceFields.PacketDefaults.TrackEvent);
        output.Number(TraceFields.Event.TrackId, TrackOf(buffer));
        output.End(events);
        output.End(defaults);

        int interned = output.Begin(TraceFields.Packet.InternedData);
        for (int i = 0; i < Categories.Length; i++)
        {
            Intern(TraceFields.Interned.Categories, (ulong)i + 1, Categories[i]);
        }

        output.End(interned);

        int track = BeginTrack(TrackOf(buffer), ProcessTrack);
        int thread = output.Begin(TraceFields.Track.Thread);
        output.Number(TraceFields.Thread.Pid, (ulong)Environment.ProcessId);
        output.Number(TraceFields.Thread.Tid, (ulong)buffer.ThreadId);
        output.Text(TraceFields.Thread.Name, buffer.ThreadName ?? $"thread {buffer.ThreadId}");
        output.End(thread);
        output.End(track);
        output.End(packet);
        sequence.HasBegun = true;
        sequence.Clear();
    }

    private void WriteTrack(ulong id, string name, bool isCounter)
    {
        int packet = BeginPacket(OwnSequence);
        int track = BeginTrack(id, ProcessTrack);
        output.Text(TraceFields.Track.Name, name);
        if (isCounter)
        {
            int counter = output.Begin(TraceFields.Track.Counter);
            output.Number(TraceFields.CounterTrack.Unit, TraceFields.CounterTrack.CountUnit);
            output.End(counter);
        }

        output.End(track);
        output.End(packet);
    }

    private void WriteCounter(ulong track, long value)
    {
        int trackEvent = output.Begin(TraceFields.Packet.TrackEvent);
        output.Number(TraceFields.Event.Type, TraceFields.Event.Counter);
        output.Number(TraceFields.Event.TrackId, track);
        output.Number(TraceFields.Event.CounterValue, (ulong)value);
        output.End(trackEvent);
    }

    private int BeginPacket(uint sequence)
    {
        int packet = output.Begin(TraceFields.TracePacket);
        output.Number(TraceFields.Packet.SequenceId, sequence);
        return packet;
    }

    private int BeginTrack(ulong id, ulong? parent)
    {
        int track = output.Begin(TraceFields.Packet.TrackDescriptor);
        output.Number(TraceFields.Track.Id, id);
        if (parent is { } known)
        {
            output.Number(TraceFields.Track.ParentId, known);
        }

        return track;
    }

    private void Clock(int id, ulong time)
    {
        int clock = output.Begin(TraceFields.Clocks.Clock);
        output.Number(TraceFields.Clocks.Id, (ulong)id);
        output.Number(TraceFields.Clocks.Timestamp, time);
        output.End(clock);
    }

    private void Intern(int field, ulong id, string name)
    {
        int entry = output.Begin(field);
        output.Number(TraceFields.Interned.Id, id);
        output.Text(TraceFields.Interned.Name, name);
        output.End(entry);
    }
}
