namespace Signals.Ipc;

/// <summary>Options of one call.</summary>
public sealed class CallOptions
{
    /// <summary>Gets or sets the time limit of the call, or null for <see cref="IpcClientOptions.CallTimeout"/>.</summary>
    public TimeSpan? Timeout { get; set; }

    /// <summary>Gets or sets the headers that are sent with the call, or null for none.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; set; }

    /// <summary>Gets or sets a value that indicates whether the call waits for a connection if there is none.</summary>
    public bool WaitForReady { get; set; }

    /// <summary>Gets or sets a value that indicates whether a stream is called again after a connection was lost.</summary>
    public bool Resume { get; set; }
}
