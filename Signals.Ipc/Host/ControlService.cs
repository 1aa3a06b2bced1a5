using Google.Protobuf;
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

    /// <summary>The maximum number of calls that one request cancels. Clients send more requests.</summary>
    private const int MaxCancelled = 1024;

    /// <summary>Creates the reply to a client that binds the service.</summary>
    /// <param name="maxConcurrentCalls">The number of calls of a client that the host handles at once.</param>
    internal static IPCFrame.Types.BindServiceReply CreateBindReply(int maxConcurrentCalls) =>
        new()
        {
            Success = true,
            MaxConcurrentCalls = (uint)maxConcurrentCalls,
            ServiceId = Id,
            Methods =
            {
                new IPCFrame.Types.BindServiceReply.Types.MethodInfo { Id = Cancel, Name = nameof(Cancel) },
                new IPCFrame.Types.BindServiceReply.Types.MethodInfo { Id = Watch, Name = nameof(Watch) },
                new IPCFrame.Types.BindServiceReply.Types.MethodInfo { Id = Ping, Name = nameof(Ping) },
            },
        };

    private static readonly byte[] Stopping = new ControlEvent { Stopping = true }.ToByteArray();

    /// <summary>Gets the event that the host is stopping.</summary>
    internal static ReadOnlySpan<byte> StoppingEvent => Stopping;

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
