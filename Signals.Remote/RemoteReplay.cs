namespace Signals.Remote;

/// <summary>The emissions before a subscription that it receives.</summary>
public enum RemoteReplay
{
    /// <summary>None. This is the default for signals.</summary>
    None,

    /// <summary>The current value of a property, or the last emission of a signal. Properties always replay it.</summary>
    Current,

    /// <summary>The last emissions, as many as <see cref="ExportOptions.ReplayCount"/>.</summary>
    Last,
}
