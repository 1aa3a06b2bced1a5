using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Signals.Tests.Support;

/// <summary>
/// Sets how this process, and each process that it starts, handles a signal of the system, until the object is disposed. A process
/// inherits that a signal is ignored: a shell has its background jobs ignore SIGINT, and so would the samples that tests start from there.
/// </summary>
internal sealed class SignalDisposition : IDisposable
{
    internal const int Interrupt = 2;

    private const nint Default = 0;
    private const nint Ignore = 1;

    /// <summary>More than the system's structure needs, on every system. It begins with the handler, and is zero otherwise.</summary>
    private const int StructureBytes = 512;

    private readonly int _signal;

    /// <summary>The structure that was in effect before.</summary>
    private readonly byte[] _previous = new byte[StructureBytes];

    private SignalDisposition(int signal, nint handler)
    {
        _signal = signal;
        byte[] structure = new byte[StructureBytes];
        MemoryMarshal.Write(structure, handler);
        Check(SigAction(signal, structure, _previous));
    }

    /// <summary>Ignores a signal.</summary>
    internal static SignalDisposition Ignored(int signal) => new(signal, Ignore);

    /// <summary>Restores the default effect of an ignored signal. Returns null, and changes nothing, if the signal is not ignored.</summary>
    internal static SignalDisposition? DefaultIfIgnored(int signal)
    {
        byte[] current = new byte[StructureBytes];
        Check(SigAction(signal, null, current));
        return MemoryMarshal.Read<nint>(current) == Ignore ? new SignalDisposition(signal, Default) : null;
    }

    public void Dispose() => Check(SigAction(_signal, _previous, null));

    private static void Check(int result)
    {
        if (result != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [DllImport("libc", EntryPoint = "sigaction", SetLastError = true)]
    private static extern int SigAction(int signal, byte[]? action, [Out] byte[]? previous);
}
