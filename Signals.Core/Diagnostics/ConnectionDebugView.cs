using System.Diagnostics;

namespace Signals;

/// <summary>Shows one connection in a debugger.</summary>
[DebuggerDisplay("{ToString(),nq}")]
internal sealed class ConnectionDebugView(ConnectionHandle handle, Delegate slot)
{
    public ConnectionHandle Handle { get; } = handle;

    public ConnectionKind Kind { get; } = TypeNames.Kind(slot);

    public bool IsBlocked { get; } = handle.IsBlocked;

    public Delegate Slot { get; } = TypeNames.UserSlot(slot);

    public override string ToString() => $"{Kind}{(IsBlocked ? ", blocked" : "")}: {TypeNames.Of(Slot)}";
}
