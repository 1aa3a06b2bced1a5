namespace Signals.Remote;

/// <summary>A value of one of several signals that are imported by a pattern.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="Name">The name under which the signal is exported.</param>
/// <param name="Value">The value.</param>
public readonly record struct NamedValue<T>(string Name, T Value);
