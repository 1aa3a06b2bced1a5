using NUnit.Framework;
using Signals.Hosting;
using Signals.Ipc;
using Signals.Nats;
using Signals.Reactive;
using Signals.Remote;
using Signals.Tests.Product.Docs;

namespace Signals.Tests.Product.Api;

/// <summary>
/// PublicApi.txt and the files of the other libraries are what these promise. When a change is meant, renew the files and review the difference in the
/// commit:
/// <code>RENEW_PUBLIC_API=1 dotnet test Signals.Tests/Product --filter PublicApiTests</code>
/// </summary>
public sealed class PublicApiTests
{
    private const string RenewVariable = "RENEW_PUBLIC_API";

    [TestCase(typeof(Signal), "PublicApi.txt")]
    [TestCase(typeof(IpcHostBuilder), "PublicApi.Hosting.txt")]
    [TestCase(typeof(IpcClient), "PublicApi.Ipc.txt")]
    [TestCase(typeof(NatsExchange), "PublicApi.Nats.txt")]
    [TestCase(typeof(EvaluatorScheduler), "PublicApi.Reactive.txt")]
    [TestCase(typeof(LocalExchange), "PublicApi.Remote.txt")]
    public void Public_members_of_a_library_are_those_in_its_file(Type ofLibrary, string file)
    {
        string path = Repository.PathOf("Signals.Tests", "Product", "Api", file);
        string[] actual = [.. PublicSurface.Describe(ProgramCompiler.SymbolsOf(ofLibrary.Assembly))];
        if (Environment.GetEnvironmentVariable(RenewVariable) == "1")
        {
            File.WriteAllText(path, string.Join('\n', actual) + '\n');
            Assert.Fail($"{path} has been renewed. Review what changed, and run the test again without {RenewVariable}.");
        }

        string[] expected = File.ReadAllLines(path);
        IEnumerable<string> gone = expected.Except(actual).Select(line => $"- {line}");
        IEnumerable<string> added = actual.Except(expected).Select(line => $"+ {line}");
        string difference = string.Join('\n', gone.Concat(added));
        Assert.That(actual, Is.EqualTo(expected), $"The public members have changed. If this is intended, renew the file (see this class).\n{difference}");
    }
}
