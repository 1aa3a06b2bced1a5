using Signals.Ipc.Framing;

namespace Signals.Ipc.Client;

/// <summary>A call without a reply. It is assigned its request id when it is written.</summary>
internal readonly struct OneWayFrame(ServiceBinding binding, UnsentRequest request, CallDetails? details) : IOutgoingFrame
{
    /// <inheritdoc/>
    public int CalculateSize() => ToFrame().CalculateSize();

    /// <inheritdoc/>
    public void WriteTo(Span<byte> destination)
    {
        ToFrame().WriteTo(destination);
        binding.Calls.AdvanceRequestId();
    }

    private InvokeMethodFrame ToFrame() => binding.Calls.ToFrame(request, binding.Calls.NextRequestId, binding.ServiceId, dropReply: true, details);
}
