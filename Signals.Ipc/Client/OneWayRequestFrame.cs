using Signals.Ipc.Framing;

namespace Signals.Ipc.Client;

/// <summary>A request of the client itself that wants no reply. It is assigned its request id when it is written, and needs no object.</summary>
/// <param name="connection">The connection, which assigns request ids.</param>
/// <param name="serviceId">The id of the service.</param>
/// <param name="methodId">The id of the method.</param>
/// <param name="arguments">The encoded request.</param>
internal readonly ref struct OneWayRequestFrame(ClientConnection connection, uint serviceId, uint methodId, ReadOnlySpan<byte> arguments) : IOutgoingFrame
{
    private readonly ReadOnlySpan<byte> _arguments = arguments;

    /// <inheritdoc/>
    public int CalculateSize() => ToFrame().CalculateSize();

    /// <inheritdoc/>
    public void WriteTo(Span<byte> destination)
    {
        ToFrame().WriteTo(destination);
        connection.Calls.AdvanceRequestId();
    }

    private InvokeMethodFrame ToFrame() => new(connection.Calls.NextRequestId, serviceId, methodId, _arguments, dropReply: true);
}
