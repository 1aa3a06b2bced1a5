using System.CommandLine;
using Signals.Ipc;
using Signals.Tool.Output;

namespace Signals.Tool;

/// <summary>Runs the tool, and turns what happens into an exit code.</summary>
internal static class ToolProgram
{
    /// <summary>Runs the tool.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="console">The console to write to.</param>
    /// <param name="stop">The token that Ctrl+C cancels.</param>
    internal static async Task<int> RunAsync(IReadOnlyList<string> arguments, ToolConsole console, CancellationToken stop)
    {
        // The name of an abstract socket begins with "@", which would otherwise name a file with arguments.
        ParseResult parsed = ToolCommands.Create(console).Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count != 0)
        {
            foreach (System.CommandLine.Parsing.ParseError error in parsed.Errors)
            {
                console.WriteError(error.Message);
            }

            console.WriteError($"Try: signals {ToolCommands.PathOf(parsed)}--help");
            return ToolExit.Misuse;
        }

        int whenStopped = parsed.CommandResult.Command.Name is ToolCommands.Watch or ToolCommands.Top ? ToolExit.Success : ToolExit.Interrupted;
        try
        {
            var invocation = new InvocationConfiguration
            {
                Output = console.Output,
                Error = console.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(invocation, stop).ConfigureAwait(false);
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            return whenStopped;
        }
        catch (Exception exception)
        {
            return Report(console, exception);
        }
    }

    private static int Report(ToolConsole console, Exception exception)
    {
        switch (exception)
        {
            case ToolException failure:
                console.WriteError(failure.Message);
                return failure.ExitCode;
            case IpcCallException failure:
                console.WriteError($"{failure.StatusCode}: {(failure.StatusMessage.Length == 0 ? failure.Message : failure.StatusMessage)}");
                return ToolExit.Failed;
            case TimeoutException:
                console.WriteError($"{IpcStatusCode.DeadlineExceeded}: {exception.Message}");
                return ToolExit.Failed;
            case IpcDisconnectedException { Reason.Cause: not DisconnectCause.AlreadyBound }:
                console.WriteError(exception.Message);
                return ToolExit.NotConnected;
            case IpcException:
                console.WriteError(exception.Message);
                return ToolExit.Failed;
            case IOException:
                // The reader of the output has gone.
                return ToolExit.Failed;
            default:
                throw exception;
        }
    }
}
