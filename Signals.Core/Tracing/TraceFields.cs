namespace Signals;

/// <summary>Numbers of fields and values in Perfetto's messages, of which a trace consists. Each class is a message.</summary>
internal static class TraceFields
{
    internal const int TracePacket = 1;

    internal static class Packet
    {
        internal const int ClockSnapshot = 6;
        internal const int Timestamp = 8;
        internal const int SequenceId = 10;
        internal const int TrackEvent = 11;
        internal const int InternedData = 12;
        internal const int SequenceFlags = 13;
        internal const int Defaults = 59;
        internal const int TrackDescriptor = 60;
        internal const int IsFirstOfSequence = 87;

        /// <summary>A sequence flag: interned data and defaults of earlier packets are not used any more.</summary>
        internal const int IsCleared = 1;

        /// <summary>A sequence flag: the packet uses interned data or defaults of earlier packets.</summary>
        internal const int NeedsState = 2;
    }

    internal static class PacketDefaults
    {
        internal const int TrackEvent = 11;
        internal const int ClockId = 58;
    }

    internal static class Event
    {
        internal const int CategoryIds = 3;
        internal const int Type = 9;
        internal const int NameId = 10;
        internal const int TrackId = 11;
        internal const int CounterValue = 30;
        internal const int FlowIds = 47;
        internal const int TerminatingFlowIds = 48;

        internal const int SliceBegin = 1;
        internal const int SliceEnd = 2;
        internal const int Counter = 4;
    }

    internal static class Interned
    {
        internal const int Categories = 1;
        internal const int Names = 2;

        /// <summary>The fields of an entry.</summary>
        internal const int Id = 1;
        internal const int Name = 2;
    }

    internal static class Track
    {
        internal const int Id = 1;
        internal const int Name = 2;
        internal const int Process = 3;
        internal const int Thread = 4;
        internal const int ParentId = 5;
        internal const int Counter = 8;
    }

    internal static class Process
    {
        internal const int Pid = 1;
        internal const int Name = 6;
    }

    internal static class Thread
    {
        internal const int Pid = 1;
        internal const int Tid = 2;
        internal const int Name = 5;
    }

    internal static class CounterTrack
    {
        internal const int Unit = 3;
        internal const int CountUnit = 2;
    }

    internal static class Clocks
    {
        internal const int Clock = 1;
        internal const int Id = 1;
        internal const int Timestamp = 2;

        internal const int RealTime = 1;
        internal const int Monotonic = 3;
        internal const int BootTime = 6;
    }
}
