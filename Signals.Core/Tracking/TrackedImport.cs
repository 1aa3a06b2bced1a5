namespace Signals;

/// <summary>The entry of an imported signal in the snapshots of <see cref="SignalTracker"/>. All members are thread-safe.</summary>
public sealed class TrackedImport : IDisposable
{
    private volatile string? _state;
    private volatile bool _isEnded;

    internal TrackedImport(string name) => Name = name;

    /// <summary>Gets the name under which the signal is imported.</summary>
    public string Name { get; }

    /// <summary>Gets or sets the state of the import, for example "Live". The default is null: it is not known.</summary>
    public string? State
    {
        get => _state;
        set => _state = value;
    }

    internal bool IsEnded => _isEnded;

    /// <summary>Removes the import from later snapshots.</summary>
    public void Dispose() => _isEnded = true;
}
