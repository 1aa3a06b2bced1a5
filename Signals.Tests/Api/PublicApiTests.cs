using NUnit.Framework;
using Signals.Tests.Docs;

namespace Signals.Tests.Api;

/// <summary>
/// PublicApi.txt is what the library promises. When a change of it is meant, renew the file and review its difference in the commit:
/// <code>RENEW_PUBLIC_API=1 dotnet test Signals.Tests --filter PublicApiTests</code>
/// </summary>
public sealed class PublicApiTests
{
    private const string RenewVariable = "RENEW_PUBLIC_API";

    [Test]
    public void Public_surface_of_the_library_is_the_one_in_PublicApi_txt()
    {
        string path = Repository.PathOf("Signals.Tests", "Api", "PublicApi.txt");
        string[] actual = [.. PublicSurface.Describe(ProgramCompiler.LibrarySymbols())];
        if (Environment.GetEnvironmentVariable(RenewVariable) == "1")
        {
            File.WriteAllText(path, string.Join('\n', actual) + '\n');
            Assert.Fail($"{path} has been renewed. Review what changed, and run the test again without {RenewVariable}.");
        }

        string[] expected = File.ReadAllLines(path);
        IEnumerable<string> gone = expected.Except(actual).Select(line => $"- {line}");
        IEnumerable<string> added = actual.Except(expected).Select(line => $"+ {line}");
        string difference = string.Join('\n', gone.Concat(added));
        Assert.That(actual, Is.EqualTo(expected), $"The public surface has changed. If that is meant, renew the file (see this class).\n{difference}");
    }
}
