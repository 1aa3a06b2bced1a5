using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NUnit.Framework;
using Signals.Ipc.Generators;
using Signals.Tests.Generators.Support;

namespace Signals.Tests.Generators;

public sealed class CachingTests
{
    private static readonly Dictionary<string, string> Files = new()
    {
        ["greeter.proto"] = Protos.Greeter,
        ["other.proto"] = Protos.Service("Other", Protos.Rpc("Ping")),
        ["thermometer.proto"] = Protos.Thermometer,
    };

    [Test]
    public void T1_unrelated_edit_emits_nothing_again()
    {
        StubProject project = StubProject.Create(Files).WithCode("class Unrelated { }");
        GeneratorDriver driver = project.CreateDriver().RunGenerators(project.Compilation);
        SyntaxTree edited = project.Compilation.SyntaxTrees.Single(tree => tree.FilePath == "user.cs");
        CSharpCompilation compilation = project.Compilation.ReplaceSyntaxTree(edited, StubProject.Parse("class Unrelated { int _x; }", "user.cs"));
        Assert.That(Emitted(driver.RunGenerators(compilation)), Is.Empty);
    }

    [Test]
    public void T1_rewriting_a_file_of_protoc_with_the_same_text_emits_nothing_again()
    {
        StubProject project = StubProject.Create(Files);
        GeneratorDriver driver = project.CreateDriver().RunGenerators(project.Compilation);
        CSharpCompilation compilation = project.Compilation;
        foreach (SyntaxTree tree in project.Compilation.SyntaxTrees)
        {
            compilation = compilation.ReplaceSyntaxTree(tree, StubProject.Parse(tree.ToString(), tree.FilePath));
        }

        Assert.That(Emitted(driver.RunGenerators(compilation)), Is.Empty);
    }

    [Test]
    public void T1_edited_comment_emits_only_the_file_of_its_service_again()
    {
        StubProject project = StubProject.Create(Files);
        GeneratorDriver driver = project.CreateDriver().RunGenerators(project.Compilation);
        AdditionalText old = project.Protos.Single(text => text.Path.EndsWith("greeter.proto", StringComparison.Ordinal));
        driver = driver.ReplaceAdditionalText(old, new ProtoText(old.Path, Protos.Greeter.Replace("Says hello.", "Says hello twice.")));
        driver = driver.RunGenerators(project.Compilation);
        Assert.Multiple(() =>
        {
            Assert.That(Emitted(driver), Is.EqualTo(["Greeter.GreeterReflection.g.cs"]));
            Assert.That(
                driver.GetRunResult().Results[0].GeneratedSources.Select(source => source.SourceText.ToString()),
                Has.Some.Contains("Says hello twice.")
            );
        });
    }

    [Test]
    public void T1_text_that_moves_in_a_proto_file_emits_nothing_again()
    {
        StubProject project = StubProject.Create(Files);
        GeneratorDriver driver = project.CreateDriver().RunGenerators(project.Compilation);
        AdditionalText old = project.Protos.Single(text => text.Path.EndsWith("greeter.proto", StringComparison.Ordinal));
        driver = driver.ReplaceAdditionalText(old, new ProtoText(old.Path, "\n\n\n" + Protos.Greeter)).RunGenerators(project.Compilation);
        Assert.That(Emitted(driver), Is.Empty);
    }

    [Test]
    public void T1_unrelated_edit_reads_no_descriptor_again()
    {
        StubProject project = StubProject.Create(Files);
        GeneratorDriver driver = project.CreateDriver().RunGenerators(project.Compilation);
        driver = driver.RunGenerators(project.Compilation.AddSyntaxTrees(StubProject.Parse("class Unrelated { }", "user.cs")));
        Assert.That(
            ReasonsOf(driver, StubGenerator.ClassesStep),
            Is.All.EqualTo(IncrementalStepRunReason.Cached).Or.EqualTo(IncrementalStepRunReason.Unchanged)
        );
    }

    /// <summary>Returns the names of the files that the last run wrote again.</summary>
    private static string[] Emitted(GeneratorDriver driver)
    {
        GeneratorRunResult result = driver.GetRunResult().Results[0];
        string[] files =
        [
            .. result
                .TrackedSteps[StubGenerator.FilesStep]
                .SelectMany(run => run.Outputs)
                .Where(IsNew)
                .Select(output => ((GeneratedFile)output.Value).HintName),
        ];
        int written = result.TrackedOutputSteps.SelectMany(step => step.Value).SelectMany(run => run.Outputs).Count(IsNew);
        Assert.That(written, Is.EqualTo(files.Length), "Each changed file is written once, and no other.");
        return files;
    }

    private static bool IsNew((object Value, IncrementalStepRunReason Reason) output) =>
        output.Reason is IncrementalStepRunReason.New or IncrementalStepRunReason.Modified;

    private static IEnumerable<IncrementalStepRunReason> ReasonsOf(GeneratorDriver driver, string step) =>
        driver.GetRunResult().Results[0].TrackedSteps[step].SelectMany(run => run.Outputs).Select(output => output.Reason);
}
