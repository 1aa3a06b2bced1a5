namespace Signals.Tests.Product.Docs;

/// <summary>An example of the documentation.</summary>
/// <param name="File">The page, as a path in the repository.</param>
/// <param name="Line">The line of the page on which the code begins.</param>
/// <param name="Code">The code.</param>
/// <param name="Output">The output on the page, or null if the page shows none.</param>
internal sealed record DocumentationBlock(string File, int Line, string Code, string? Output)
{
    public override string ToString() => $"{File}:{Line}";
}
