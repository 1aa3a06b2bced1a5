namespace Signals.Remote;

/// <summary>
/// An exchange within a process, for tests, and for one program in parts that can be moved to processes of their own later. Its own exports reach its own
/// imports. Values are passed as the objects that they are, by the evaluator of each import, never inside the emission.
/// </summary>
/// <remarks>All members are thread-safe. Dispose it to end its exports and imports.</remarks>
public sealed class LocalExchange : ISignalExporter, ISignalImporter, IDisposable
{
    private const RemoteCapabilities All =
        RemoteCapabilities.OwnExports
        | RemoteCapabilities.Replay
        | RemoteCapabilities.Authorize
        | RemoteCapabilities.Setting
        | RemoteCapabilities.Patterns;

    private readonly ConnectionEvaluator? _ownEvaluator;
    private readonly LocalLink _link;

    /// <summary>Initializes an exchange.</summary>
    /// <param name="evaluator">
    /// The evaluator of imports that have no other one. Null for a <see cref="ThreadPoolEvaluator"/> of its own, which it disposes.
    /// </param>
    /// <param name="timeProvider">The clock, or null for that of the system.</param>
    public LocalExchange(ConnectionEvaluator? evaluator = null, TimeProvider? timeProvider = null)
    {
        _ownEvaluator = evaluator is null ? new ThreadPoolEvaluator(new ConnectionEvaluatorOptions { Name = nameof(LocalExchange) }) : null;
        evaluator ??= _ownEvaluator!;
        Exports = new RemoteExports(All, evaluator, timeProvider, exported: null, failed: null, passesObjects: true);
        Imports = new RemoteImports(All, evaluator);
        _link = new LocalLink(Exports, Imports);
        Imports.Connect(_link);
    }

    /// <inheritdoc/>
    public RemoteExports Exports { get; }

    /// <inheritdoc/>
    public RemoteImports Imports { get; }

    /// <summary>Ends all imports and exports. Further calls do nothing.</summary>
    public void Dispose()
    {
        Imports.Dispose();
        Exports.Dispose();
        _ownEvaluator?.Dispose();
    }
}
