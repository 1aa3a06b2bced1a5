namespace Signals;

/// <summary>What has become of a callback, as seen by the thread that posts it.</summary>
internal enum PostOutcome
{
    /// <summary>It is run later, or on another thread.</summary>
    Queued,

    /// <summary>It was run at once.</summary>
    Ran,

    /// <summary>It was run at once, and another one is due.</summary>
    AskedAgain,
}
