namespace Signals.Tests.Product.Docs;

/// <summary>
/// Finds the examples in docs/ and in the pages at the top of the repository. A fenced block marked <c>csharp</c> is an example; one marked <c>text</c> that follows it,
/// with no more than one line of text between them, is what it prints.
/// </summary>
internal static class DocumentationPages
{
    internal const string OpeningFence = "```csharp";
    private const string OutputFence = "```text";
    private const string ClosingFence = "```";

    private static readonly string[] TopPages = ["README.md", "CONTRIBUTING.md", "SECURITY.md"];

    /// <summary>Gets all pages, as paths in the repository.</summary>
    internal static IEnumerable<string> Files =>
        TopPages.Concat(
            Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md").Order(StringComparer.Ordinal).Select(path => $"docs/{Path.GetFileName(path)}")
        );

    internal static IEnumerable<DocumentationBlock> Blocks => Files.SelectMany(BlocksOf);

    internal static string[] Lines(string file) => File.ReadAllLines(Repository.PathOf(file));

    private static IEnumerable<DocumentationBlock> BlocksOf(string file)
    {
        string[] lines = Lines(file);
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i] == OpeningFence)
            {
                int end = EndOf(file, lines, i);
                string? output = OutputAfter(file, lines, end);
                yield return new DocumentationBlock(file, i + 2, Join(lines, i + 1, end), output);
                i = end;
            }
        }
    }

    private static string? OutputAfter(string file, string[] lines, int end)
    {
        int fence = Array.FindIndex(lines, end + 1, line => line.StartsWith(ClosingFence, StringComparison.Ordinal));
        return fence >= 0 && lines[fence] == OutputFence && lines[(end + 1)..fence].Count(line => line.Length != 0) <= 1
            ? Join(lines, fence + 1, EndOf(file, lines, fence))
            : null;
    }

    private static int EndOf(string file, string[] lines, int opening)
    {
        int end = Array.IndexOf(lines, ClosingFence, opening + 1);
        return end >= 0 ? end : throw new FormatException($"{file}:{opening + 1}: this block has no end.");
    }

    private static string Join(string[] lines, int start, int end) => string.Join('\n', lines[start..end]);
}
