namespace Signals;

/// <summary>A value that slots are to be told.</summary>
/// <param name="Value">The value.</param>
/// <param name="Version">Its version.</param>
/// <param name="Number">Its position in the order of the property's values.</param>
/// <param name="IsForGiven">True if it is only for slots that were given another one.</param>
internal readonly record struct Telling<T>(T Value, long Version, long Number, bool IsForGiven);
