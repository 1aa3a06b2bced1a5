namespace Signals.Tests.Core.Models;

/// <summary>What a slot throws when its script says so. Its message is who threw it.</summary>
internal sealed class ScriptException(string message) : Exception(message);
