namespace Signals.Systematic.Support;

/// <summary>A rule was broken in the schedule that was explored.</summary>
internal sealed class ScenarioFailedException(string message) : Exception(message);
