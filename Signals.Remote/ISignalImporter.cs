using System.Diagnostics.CodeAnalysis;

namespace Signals.Remote;

/// <summary>
/// An object by which signals and properties can be imported. Use the extension methods of <see cref="SignalImporting"/>. A class of yours implements it
/// with <see cref="RemoteImports"/> to write an exchange.
/// </summary>
public interface ISignalImporter
{
    /// <summary>Gets the imports, and what the exchange can do.</summary>
    [SuppressMessage("Naming", "CA1716", Justification = "A keyword of Visual Basic, which can escape it.")]
    RemoteImports Imports { get; }
}
