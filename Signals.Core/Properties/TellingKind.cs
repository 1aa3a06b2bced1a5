namespace Signals;

/// <summary>Specifies what a queued telling is.</summary>
internal enum TellingKind : byte
{
    /// <summary>A value that was set.</summary>
    Value,

    /// <summary>A computation whose result may have changed.</summary>
    Computed,

    /// <summary>An effect that may have to run.</summary>
    Effect,
}
