using System.Reflection;
using NUnit.Framework;

namespace Signals.Tests.Product.Docs;

[NonParallelizable]
public sealed class DocumentationTests
{
    /// <summary>The minimum number of examples on each page, so that none is lost by accident.</summary>
    private static readonly Dictionary<string, int> ExpectedBlocks = new()
    {
        ["README.md"] = 3,
        ["docs/installing.md"] = 1,
        ["docs/getting-started.md"] = 8,
        ["docs/signals.md"] = 8,
        ["docs/deferred.md"] = 6,
        ["docs/properties.md"] = 6,
        ["docs/async-slots.md"] = 5,
        ["docs/analyzers.md"] = 18,
        ["docs/rx.md"] = 7,
        ["docs/migrating-from-events.md"] = 6,
        ["docs/hosting.md"] = 11,
        ["docs/ipc.md"] = 19,
        ["docs/generated-stubs.md"] = 3,
        ["docs/ipc-lifetimes.md"] = 1,
        ["docs/ipc-security.md"] = 1,
        ["docs/logging.md"] = 2,
        ["docs/nats.md"] = 1,
        ["docs/remote.md"] = 3,
        ["docs/telemetry.md"] = 3,
        ["docs/tool.md"] = 1,
        ["docs/trace.md"] = 1,
        ["docs/tracker.md"] = 1,
        ["docs/troubleshooting.md"] = 1,
    };

    /// <summary>The minimum number of examples whose output is on the page.</summary>
    private const int ExpectedOutputs = 57;

    private static IEnumerable<TestCaseData> Blocks =>
        DocumentationPages.Blocks.Select(block => new TestCaseData(block).SetArgDisplayNames(block.ToString()));

    private static IEnumerable<TestCaseData> BlocksWithOutput =>
        DocumentationPages.Blocks.Where(block => block.Output is not null).Select(block => new TestCaseData(block).SetArgDisplayNames(block.ToString()));

    [TestCaseSource(nameof(Blocks))]
    public void Example_of_the_documentation_compiles_without_a_warning(object example)
    {
        var block = (DocumentationBlock)example;
        (_, string messages) = ProgramCompiler.Compile(block.Code, block.File, block.Line);
        Assert.That(messages, Is.Empty);
    }

    [TestCaseSource(nameof(BlocksWithOutput))]
    public void Example_of_the_documentation_prints_the_output_of_the_page(object example)
    {
        var block = (DocumentationBlock)example;
        (Assembly? program, string messages) = ProgramCompiler.Compile(block.Code, block.File, block.Line);
        Assert.That(program, Is.Not.Null, messages);
        Assert.That(ProgramRunner.Run(program!), Is.EqualTo(block.Output));
    }

    [Test]
    public void Every_example_of_the_pages_is_found()
    {
        int fences = DocumentationPages
            .Files.SelectMany(DocumentationPages.Lines)
            .Count(line => line.Contains("```c", StringComparison.OrdinalIgnoreCase));
        Assert.That(
            DocumentationPages.Blocks.Count(),
            Is.EqualTo(fences),
            $"A fence is not written exactly as {DocumentationPages.OpeningFence} on a line of its own, so its block is not tested."
        );
    }

    [Test]
    public void Pages_have_the_expected_number_of_examples()
    {
        ILookup<string, DocumentationBlock> blocks = DocumentationPages.Blocks.ToLookup(block => block.File);
        using (Assert.EnterMultipleScope())
        {
            foreach ((string file, int count) in ExpectedBlocks)
            {
                Assert.That(blocks[file].Count(), Is.GreaterThanOrEqualTo(count), file);
            }

            Assert.That(DocumentationPages.Blocks.Count(block => block.Output is not null), Is.GreaterThanOrEqualTo(ExpectedOutputs));
        }
    }

    [Test]
    public void Example_with_a_mistake_is_reported_with_its_page_and_line()
    {
        (Assembly? program, string messages) = ProgramCompiler.Compile("var signal = new Signal();\nsignal.Emitt();", "docs/page.md", 40);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(program, Is.Null);
            Assert.That(messages, Does.StartWith("docs/page.md:41: CS1061: "));
        }
    }

    [Test]
    public void Links_between_the_pages_lead_to_existing_files()
    {
        var broken = new List<string>();
        foreach (string file in DocumentationPages.Files)
        {
            string folder = Path.GetDirectoryName(Repository.PathOf(file))!;
            foreach (string target in DocumentationLinks.In(DocumentationPages.Lines(file)))
            {
                if (!Path.Exists(Path.Combine(folder, target)))
                {
                    broken.Add($"{file}: {target}");
                }
            }
        }

        Assert.That(broken, Is.Empty);
    }
}
