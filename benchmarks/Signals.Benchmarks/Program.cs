using BenchmarkDotNet.Running;
using Signals.Benchmarks.Compare;

namespace Signals.Benchmarks;

internal static class Program
{
    private const int Succeeded = 0;
    private const int BadArguments = 2;

    private const string Usage = """
        Usage:
          compare signals       Prints the table of signals beside their peers, with the goals, in about half a minute.
          bdn [arguments]       Runs the BenchmarkDotNet classes; the arguments are that runner's, for example: bdn --filter '*'
        """;

    private static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["compare", "signals"]:
                SignalsComparison.Run();
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
