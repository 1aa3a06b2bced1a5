using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using NUnit.Framework;
using Signals.Tests.Analyzers.Support;

namespace Signals.Tests.Analyzers;

public sealed partial class DocumentedRulesTests
{
    private static IEnumerable<DiagnosticDescriptor> AllRules => UserProject.AllAnalyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics);

    [TestCaseSource(nameof(AllRules))]
    public void Rule_has_a_section_with_cause_reason_fix_and_suppression(object descriptor)
    {
        var rule = (DiagnosticDescriptor)descriptor;
        string page = File.ReadAllText(Repository.PathOf("docs", "analyzers.md"));
        int start = page.IndexOf($"\n## {rule.Id}: ", StringComparison.Ordinal);
        Assert.That(start, Is.Not.Negative, "docs/analyzers.md has no section for the rule.");
        int end = page.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        string section = page[start..(end < 0 ? page.Length : end)];
        string severity = rule.DefaultSeverity == DiagnosticSeverity.Warning ? "Warning" : "Info";
        using (Assert.EnterMultipleScope())
        {
            Assert.That(section, Does.Contain($"## {rule.Id}: {rule.Title}"));
            Assert.That(section, Does.Contain(severity));
            foreach (string part in new[] { "**Cause.**", "**Why.**", "**Fix.**", "**Suppress it**" })
            {
                Assert.That(section, Does.Contain(part));
            }
        }
    }

    [Test]
    public void Page_describes_no_rule_that_does_not_exist()
    {
        string page = File.ReadAllText(Repository.PathOf("docs", "analyzers.md"));
        Assert.That(Ids().Matches(page).Select(match => match.Value), Is.All.AnyOf(AllRules.Select(rule => (object)rule.Id).ToArray()));
    }

    [Test]
    public void Rule_is_in_the_table_of_releases_with_its_severity()
    {
        string folder = Repository.PathOf("generators", "Signals.Analyzers");
        string releases =
            File.ReadAllText(Path.Combine(folder, "AnalyzerReleases.Shipped.md"))
            + File.ReadAllText(Path.Combine(folder, "AnalyzerReleases.Unshipped.md"));
        foreach (DiagnosticDescriptor rule in AllRules)
        {
            Assert.That(releases, Does.Contain($"{rule.Id} | {rule.Category} | {rule.DefaultSeverity} | {rule.Title}"));
        }
    }

    [GeneratedRegex("SIG[0-9]{3}")]
    private static partial Regex Ids();
}
