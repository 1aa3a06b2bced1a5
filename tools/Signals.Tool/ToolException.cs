namespace Signals.Tool;

/// <summary>The exception that ends the tool.</summary>
/// <param name="exitCode">The exit code.</param>
/// <param name="message">The text for the user.</param>
internal sealed class ToolException(int exitCode, string message) : Exception(message)
{
    internal int ExitCode { get; } = exitCode;
}
