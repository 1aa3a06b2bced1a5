namespace Signals.Tests.Core.Models;

/// <summary>Exception that a slot throws as a step of its script. The message identifies the slot.</summary>
internal sealed class ScriptException(string message) : Exception(message);
