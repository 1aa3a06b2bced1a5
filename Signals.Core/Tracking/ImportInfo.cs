namespace Signals;

/// <summary>An imported signal in a <see cref="SignalSnapshot"/>. Immutable.</summary>
public sealed class ImportInfo
{
    internal ImportInfo(long id, string name, string? state) => (Id, Name, State) = (id, name, state);

    /// <summary>Gets the number of the import, which no other object of the process has.</summary>
    public long Id { get; }

    /// <summary>Gets the name under which the signal is imported. The signal to which slots of the import are connected has the same name.</summary>
    public string Name { get; }

    /// <summary>Gets the state, for example "Live", or null if it is not known.</summary>
    public string? State { get; }

    /// <summary>Returns the name and the state, for logs and debuggers.</summary>
    /// <returns>A description of the import.</returns>
    public override string ToString() => State is null ? Name : $"{Name} ({State})";
}
