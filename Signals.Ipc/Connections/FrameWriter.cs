using Signals.Ipc.Framing;

namespace Signals.Ipc.Connections;

/// <summary>Writes frames into the buffers of a sender, inside its lock.</summary>
internal readonly struct FrameWriter(SendBuffers buffers)
{
    /// <inheritdoc cref="SendBuffers.Write"/>
    internal long Write<TFrame>(in TFrame frame)
        where TFrame : struct, IOutgoingFrame, allows ref struct => buffers.Write(frame);
}
