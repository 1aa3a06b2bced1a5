using System.Diagnostics;

namespace Signals;

/// <summary>Shows a signal in a debugger as its connections, in order.</summary>
internal sealed class SignalDebugView(SignalBase signal)
{
    [DebuggerBrowsable(DebuggerBrowsableState.RootHidden)]
    public ConnectionDebugView[] Connections => [.. signal.Snapshot().Select(c => new ConnectionDebugView(new ConnectionHandle(signal, c.Index), c.Slot))];
}
