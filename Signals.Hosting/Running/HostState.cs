namespace Signals.Hosting.Running;

/// <summary>The state of a host of an application.</summary>
internal enum HostState
{
    /// <summary>The application has not started the host yet, or the start has failed.</summary>
    NotStarted,

    /// <summary>The host listens on all of its endpoints.</summary>
    Listening,

    /// <summary>The host is stopping, or has stopped.</summary>
    Stopped,
}
