using Signals.Ipc.Framing;
using Signals.Ipc.Wire;

namespace Signals.Ipc;

/// <summary>
/// The identity that a client claims to its host; see <see cref="IpcClientOptions.Identity"/>. Over TCP, the host cannot verify the claim and reports
/// it as unverified in <see cref="ClientInfo"/>. On UNIX sockets, the kernel identifies the client, and the host ignores the claim.
/// </summary>
public sealed record ClientIdentity
{
    /// <summary>Gets the process id, for instance <see cref="Environment.ProcessId"/>, or null, the default, to claim none.</summary>
    public int? ProcessId { get; init; }

    /// <summary>Gets the id of the user that the process runs as, or null, the default, to claim none.</summary>
    public uint? UserId { get; init; }

    /// <summary>
    /// Gets text by which the host may recognize the machine, such as its boot identifier, or null, the default, to send none. Hosts of this
    /// library ignore it.
    /// </summary>
    public string? MachineIdHint { get; init; }

    /// <summary>Gets the name of the machine, for instance <see cref="Environment.MachineName"/>, or null, the default, to claim none.</summary>
    public string? MachineName { get; init; }

    /// <summary>
    /// Gets a value that indicates whether the identity is also sent over UNIX sockets, for a peer that forwards it to another machine.
    /// <see langword="false"/> by default.
    /// </summary>
    public bool SendOverUnixSockets { get; init; }

    /// <summary>Returns the frame that claims the identity.</summary>
    internal MessageFrame ToFrame()
    {
        var message = new IPCFrame.Types.SetPeerIdentity();
        if (ProcessId is { } processId)
        {
            message.Pid = processId;
        }

        if (UserId is { } userId)
        {
            // The wire format uses a signed number.
            message.Uid = unchecked((int)userId);
        }

        if (MachineIdHint is { } hint)
        {
            message.MachineIdHint = hint;
        }

        if (MachineName is { } name)
        {
            message.MachineName = name;
        }

        return new MessageFrame(new IPCFrame { SetPeerIdentity = message });
    }
}
