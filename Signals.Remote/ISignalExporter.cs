namespace Signals.Remote;

/// <summary>
/// An object by which signals and properties can be exported. Use the extension methods of <see cref="SignalExporting"/>. A class of yours implements it
/// with <see cref="RemoteExports"/> to write an exchange.
/// </summary>
public interface ISignalExporter
{
    /// <summary>Gets the exports, and what the exchange can do.</summary>
    RemoteExports Exports { get; }
}
