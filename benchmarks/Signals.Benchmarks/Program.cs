using BenchmarkDotNet.Running;
using Signals.Benchmarks.Compare;

namespace Signals.Benchmarks;

internal static class Program
{
    private const int Succeeded = 0;
    private const int BadArguments = 2;

    private static readonly string Usage = $"""
        Usage:
          compare signals [part ...]   Prints the table of signals beside their peers, with the goals, in about half a minute.
                                       Parts, to print only these: {string.Join(", ", SignalsComparison.PartNames)}.
          bdn [argument ...]           Runs the BenchmarkDotNet classes; the arguments are that runner's, for example: --filter '*'
        """;

    private static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["compare", "signals", .. string[] parts] when SignalsComparison.TryRun(parts):
                return Succeeded;
            case ["bdn", .. string[] rest]:
                BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(rest);
                return Succeeded;
            default:
                Console.Error.WriteLine(Usage);
                return BadArguments;
        }
    }
}
