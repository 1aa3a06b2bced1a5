using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Signals.Tool.Output;

/// <summary>The texts that the tool writes.</summary>
/// <param name="output">The results.</param>
/// <param name="error">The failures.</param>
/// <param name="isTerminal">A value that indicates whether people read the results. Otherwise, each line is a JSON document.</param>
internal sealed class ToolConsole(TextWriter output, TextWriter error, bool isTerminal) : IDisposable
{
    private const int StandardOutput = 1;

    internal TextWriter Output => output;

    internal TextWriter Error => error;

    internal bool IsTerminal => isTerminal;

    /// <summary>Returns the console of the process.</summary>
    internal static ToolConsole OfProcess()
    {
        return new ToolConsole(
            new StreamWriter(OpenOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)),
            Console.Error,
            !Console.IsOutputRedirected
        );
    }

    /// <summary>
    /// Opens the standard output. Writing to a pipe whose reader has gone fails, and the tool ends. The stream of the console ignores the failure, and a
    /// command that watches would never end.
    /// </summary>
    private static Stream OpenOutput()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected)
        {
            return Console.OpenStandardOutput();
        }

        var stream = new FileStream(new SafeFileHandle(StandardOutput, ownsHandle: false), FileAccess.Write, bufferSize: 0);

        // A stream of a file would write at its own position, which does not follow that of the other processes.
        return stream.CanSeek ? Console.OpenStandardOutput() : stream;
    }

    /// <summary>Writes a line of the results, at once.</summary>
    internal void WriteLine(string line)
    {
        output.Write($"{line}\n");
        output.Flush();
    }

    /// <summary>Writes a line about a failure. Control characters that came from a host are replaced.</summary>
    internal void WriteError(string line)
    {
        error.WriteLine(string.Join(Environment.NewLine, line.Split('\n').Select(TerminalText.Of)));
        error.Flush();
    }

    public void Dispose()
    {
        try
        {
            output.Dispose();
        }
        catch (IOException)
        {
            // The reader has gone.
        }
    }
}
