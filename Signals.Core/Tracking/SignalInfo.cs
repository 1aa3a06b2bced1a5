namespace Signals;

/// <summary>A signal in a <see cref="SignalSnapshot"/>. Immutable.</summary>
public sealed class SignalInfo
{
    internal SignalInfo(SignalRecord record, int connectionCount)
    {
        Id = record.Id;
        Name = record.Name;
        Creator = record.Creator;
        TypeName = record.TypeName;
        DisplayName = record.DisplayName;
        ConnectionCount = connectionCount;
    }

    /// <summary>Gets the number of the signal, which no other object of the process has.</summary>
    public long Id { get; }

    /// <summary>Gets the <see cref="SignalOptions.Name"/> of the signal, or null if it has none.</summary>
    public string? Name { get; }

    /// <summary>Gets the type of the signal with its type arguments, for example "Signal&lt;Int32&gt;".</summary>
    public string TypeName { get; }

    /// <summary>
    /// Gets the full name of the type whose code has created the signal, or null if it is not known. After inlining, it may be the type whose code called
    /// that code.
    /// </summary>
    public string? Creator { get; }

    /// <summary>Gets the number of connections.</summary>
    public int ConnectionCount { get; }

    /// <summary>Gets the name, or if there is none, the creator without its namespace and the number, for example "Button #12".</summary>
    public string DisplayName { get; }

    /// <summary>Returns the name and the type, for logs and debuggers.</summary>
    /// <returns>A description of the signal.</returns>
    public override string ToString() => $"{DisplayName}: {TypeName}";
}
