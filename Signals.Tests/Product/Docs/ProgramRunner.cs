using System.Reflection;

namespace Signals.Tests.Product.Docs;

/// <summary>Runs a compiled program inside this process. Redirects the console, so only one program can run at a time.</summary>
internal static class ProgramRunner
{
    /// <summary>Runs a program to its end and returns its output.</summary>
    internal static string Run(Assembly program)
    {
        MethodInfo main =
            program.EntryPoint ?? throw new ArgumentException("The assembly is not a program: it has no statements of its own.", nameof(program));
        object?[] arguments = main.GetParameters().Length == 0 ? [] : [Array.Empty<string>()];
        TextWriter console = Console.Out;
        using var output = new StringWriter { NewLine = "\n" };
        Console.SetOut(output);
        try
        {
            Task run = Task.Run(() => main.Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null));
            if (!run.Wait(Bounded.Limit))
            {
                throw new TimeoutException($"The program did not end within {Bounded.Limit.TotalSeconds} seconds. It had printed:\n{output}");
            }
        }
        finally
        {
            Console.SetOut(console);
        }

        return output.ToString().TrimEnd('\n');
    }
}
