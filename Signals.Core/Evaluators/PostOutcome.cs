namespace Signals;

/// <summary>Specifies the outcome of posting a callback, as seen by the thread that posts it.</summary>
internal enum PostOutcome
{
    /// <summary>The callback runs later or on another thread.</summary>
    Queued,

    /// <summary>The callback ran immediately.</summary>
    Ran,

    /// <summary>The callback ran immediately, and another one has been requested.</summary>
    RequestedAgain,
}
