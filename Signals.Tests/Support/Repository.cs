namespace Signals.Tests.Support;

/// <summary>The files of this repository, found from where the tests run.</summary>
internal static class Repository
{
    private const string Marker = "Signals.sln";

    private static readonly Lazy<string> Root = new(FindRoot);

    internal static string PathOf(params string[] names) => Path.Combine([Root.Value, .. names]);

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Marker)))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds {Marker}: run the tests inside the repository.");
    }
}
