using Google.Protobuf;
using Signals.Ipc.Connections;
using Signals.Ipc.Wire;

namespace Signals.Ipc.Host;

/// <summary>The built-in service of a host, as signals_control.proto describes it.</summary>
internal static class ControlService
{
    internal const string Name = "SignalsControl";

    /// <summary>The id of the service. The ids of other services begin with one.</summary>
    internal const uint Id = uint.MaxValue;

    internal const uint Cancel = 1;
    internal const uint Watch = 2;
    internal const uint Ping = 3;
    internal const uint Pong = 4;
    internal const uint Describe = 5;
    internal const uint Status = 6;
    internal const uint Graph = 7;

    /// <summary>The maximum number of calls that one request cancels. Clients send more requests.</summary>
    private const int MaxCancelled = 1024;

    /// <summary>Creates the reply to a client that binds the service.</summary>
    /// <param name="maxConcurrentCalls">The number of calls of a client that the host handles at once.</param>
    /// <param name="describes">A value that indicates whether the host describes itself to the client.</param>
    internal static IPCFrame.Types.BindServiceReply CreateBindReply(int maxConcurrentCalls, bool describes)
    {
        var reply = new IPCFrame.Types.BindServiceReply
        {
            Success = true,
            MaxConcurrentCalls = (uint)maxConcurrentCalls,
            ServiceId = Id,
            Methods =
            {
                new IPCFrame.Types.BindServiceReply.Types.MethodInfo { Id = Cancel, Name = nameof(Cancel) },
                new IPCFrame.Types.BindServiceReply.Types.MethodInfo { Id = Watch, Name = nameof(Watch) },
                new IPCFrame.Types.BindServiceReply.Types.MethodInfo { Id = Ping, Name = nameof(Ping) },
                new IPCFrame.Types.BindServiceReply.Types.MethodInfo { Id = Pong, Name = nameof(Pong) },
            },
        };
        if (describes)
        {
            reply.Methods.Add(new IPCFrame.Types.BindServiceReply.Types.MethodInfo { Id = Describe, Name = nameof(Describe) });
            reply.Methods.Add(new IPCFrame.Types.BindServiceReply.Types.MethodInfo { Id = Status, Name = nameof(Status) });
            if (SignalTracker.IsSupported)
            {
                reply.Methods.Add(new IPCFrame.Types.BindServiceReply.Types.MethodInfo { Id = Graph, Name = nameof(Graph) });
            }
        }

        return reply;
    }

    private static readonly byte[] Stopping = new ControlEvent { Stopping = true }.ToByteArray();

    /// <summary>Gets the event that the host is stopping.</summary>
    internal static ReadOnlySpan<byte> StoppingEvent => Stopping;

    /// <summary>Returns the event that the host has exposed a service.</summary>
    internal static byte[] ExposedEvent(string name) => new ControlEvent { Exposed = { name } }.ToByteArray();

    /// <summary>Returns the event that asks the client for a sign of life.</summary>
    internal static byte[] PingEvent(TimeSpan interval) =>
        new ControlEvent { Ping = new ControlPing { IntervalMs = KeepAlive.ToMilliseconds(interval) } }.ToByteArray();

    /// <summary>Returns the interval that a ping of the client announces, in milliseconds. Zero if there is none.</summary>
    internal static uint ReadInterval(ReadOnlySpan<byte> arguments)
    {
        try
        {
            return ControlPing.Parser.ParseFrom(arguments).IntervalMs;
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidOperationException)
        {
            return 0;
        }
    }

    /// <summary>Returns the request ids of the calls to cancel. Returns none if the request cannot be parsed.</summary>
    internal static IEnumerable<ulong> ReadCancelled(ReadOnlySpan<byte> arguments)
    {
        try
        {
            return CancelRequest.Parser.ParseFrom(arguments).RequestIds.Take(MaxCancelled);
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidOperationException)
        {
            return [];
        }
    }
}
