namespace Signals.Systematic.Support;

/// <summary>Options of awaiting a task, as far as the libraries use them.</summary>
internal enum ControlledAwaitOptions
{
    /// <summary>Await without an exception.</summary>
    SuppressThrowing,

    /// <summary>Continue on another thread.</summary>
    ForceYielding,
}
