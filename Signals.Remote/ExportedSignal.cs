namespace Signals.Remote;

/// <summary>An exported signal. Disposing it withdraws the name.</summary>
public sealed class ExportedSignal : RemoteExport
{
    internal ExportedSignal(string name)
        : base(name) { }
}
