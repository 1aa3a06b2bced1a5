using NUnit.Framework;
using Sheet;
using Sheet.Model;
using Sheet.Views;

namespace Signals.Tests.Product.Samples;

/// <summary>The Sheet sample: its formulas, its files, and the program as a user runs it.</summary>
public class SheetTests
{
    [TestCase("=1+2*3", "7")]
    [TestCase("=(1+2)*3", "9")]
    [TestCase("=-A1*2", "-8")]
    [TestCase("=A1/A2", "2")]
    [TestCase("= 1.5 + a1 ", "5.5")]
    [TestCase("=SUM(A1:A3)", "6")]
    [TestCase("=SUM(A1:A2, 10)+MAX(A1:A3)", "20")]
    [TestCase("=AVG(A1:A2)", "3")]
    [TestCase("=MIN(A1:A2)", "2")]
    [TestCase("=COUNT(A1:A9)", "2")]
    [TestCase("=CPU+MEM", "60")]
    [TestCase("=A9", "0")]
    [TestCase("=1/0", "#DIV/0")]
    [TestCase("=AVG(C1:C2)", "#DIV/0")]
    [TestCase("=A3+1", "#VALUE")]
    [TestCase("=B1", "#CYCLE")]
    [TestCase("=1+", "#SYNTAX")]
    [TestCase("=FOO(1)", "#SYNTAX")]
    [TestCase("=A1:A2", "#SYNTAX")]
    [TestCase("=A0", "#SYNTAX")]
    [TestCase("=1 2", "#SYNTAX")]
    [TestCase("words", "words")]
    public void Formulas(string input, string expected)
    {
        using var machine = new Machine();
        using var sheet = new Spreadsheet(machine);
        machine.Set(20, 40);
        Put(sheet, "A1", "4");
        Put(sheet, "A2", "2");
        Put(sheet, "A3", "text");
        Put(sheet, "B1", input);

        Assert.That(At(sheet, "B1").Text, Is.EqualTo(expected));
    }

    [Test]
    public void A_change_computes_what_depends_on_it_and_nothing_else()
    {
        using var machine = new Machine();
        using var sheet = new Spreadsheet(machine);
        using var session = new SheetSession(sheet, new TextView(TextWriter.Null));
        foreach (string line in (string[])["A1: 1", "A2: 2", "B1: =A1*2", "B2: =A2*2", "C1: =SUM(B1:B2)", "show"])
        {
            session.Run(line);
        }

        long before = sheet.Computations;
        session.Run("A1: 5");
        Assert.That((sheet.Computations - before, At(sheet, "C1").Text), Is.EqualTo((3L, "14")));
        before = sheet.Computations;
        session.Run("A1: 5");
        Assert.That(sheet.Computations, Is.EqualTo(before));
    }

    [Test]
    public void A_cycle_is_shown_and_can_be_broken()
    {
        using var machine = new Machine();
        using var sheet = new Spreadsheet(machine);
        Put(sheet, "A1", "=B1+1");
        Put(sheet, "B1", "=A1+1");
        Put(sheet, "C1", "=A1");
        Assert.That((string[])[At(sheet, "A1").Text, At(sheet, "B1").Text, At(sheet, "C1").Text], Is.All.EqualTo("#CYCLE"));

        Put(sheet, "B1", "1");
        Assert.That((string[])[At(sheet, "A1").Text, At(sheet, "B1").Text, At(sheet, "C1").Text], Is.EqualTo((string[])["2", "1", "2"]));
    }

    [Test]
    public void A_file_gives_back_what_was_saved()
    {
        using var machine = new Machine();
        using var sheet = new Spreadsheet(machine);
        Put(sheet, "B1", "a, \"b\"");
        Put(sheet, "A3", "=SUM(B1:B2)");
        Put(sheet, "C3", "7");
        using var file = new StringWriter { NewLine = "\n" };
        Csv.Save(sheet, file);

        Assert.That(file.ToString(), Is.EqualTo(",\"a, \"\"b\"\"\"\n\n=SUM(B1:B2),,7\n"));
        using var reader = new StringReader(file.ToString());
        Assert.That(Csv.Load(reader).Select(cell => $"{cell.Address} {cell.Input}"), Is.EqualTo((string[])["B1 a, \"b\"", "A3 =SUM(B1:B2)", "C3 7"]));
    }

    [TestCase("\"open")]
    public void A_file_that_is_not_one_is_refused(string text)
    {
        using var reader = new StringReader(text);
        Assert.That(() => Csv.Load(reader), Throws.InstanceOf<FormatException>());
    }

    [TestCase("frobnicate")]
    [TestCase("machine x 1")]
    [TestCase("A100: 1")]
    public void A_line_that_is_no_command_is_refused(string line)
    {
        using var machine = new Machine();
        using var sheet = new Spreadsheet(machine);
        using var session = new SheetSession(sheet, new TextView(TextWriter.Null));

        Assert.That(() => session.Run(line), Throws.InstanceOf<FormatException>());
    }

    [Test]
    public void Live_figures_are_percentages()
    {
        using var machine = new Machine();
        machine.Measure();
        machine.Measure();

        Assert.That(machine.Memory.Value, Is.InRange(0, 100));
        Assert.That(machine.Cpu.Value, Is.InRange(0, 100));
    }

    [Test]
    public async Task Without_arguments_it_plays_a_session_and_ends()
    {
        using SampleProcess process = SampleProcess.StartSheet();
        int exitCode = await process.ExitAsync();

        Assert.That((exitCode, process.Errors.Trim()), Is.EqualTo((0, "")));
        Assert.That(process.Output, Does.Contain("A2: 3                        3 computed: A2 = 3, C2 = 12, C4 = 22"));
        Assert.That(process.Output, Does.Contain("machine 12.5 40              3 computed: D2 = 12.5, D3 = 40, D4 = 40"));
        Assert.That(process.Output, Does.Contain("#CYCLE"));
    }

    [Test]
    public async Task A_script_loads_and_saves()
    {
        string folder = Directory.CreateTempSubdirectory("sheet").FullName;
        try
        {
            string script = Path.Combine(folder, "script");
            string saved = Path.Combine(folder, "saved.csv");
            await File.WriteAllLinesAsync(script, ["A1: 2", "B1: =A1*21", "show"]);
            using SampleProcess process = SampleProcess.StartSheet("--script", script, "--save", saved);
            Assert.That(await process.ExitAsync(), Is.Zero, process.Errors);
            Assert.That(await File.ReadAllLinesAsync(saved), Is.EqualTo((string[])["2,=A1*21"]));

            using SampleProcess second = SampleProcess.StartSheet("--load", saved);
            Assert.That(await second.ExitAsync(), Is.Zero, second.Errors);
            Assert.That(second.Output, Does.Contain("42"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestCase(new[] { "--frobnicate" }, 2)]
    [TestCase(new[] { "--script" }, 2)]
    [TestCase(new[] { "--edit" }, 2)]
    [TestCase(new[] { "--load", "/nowhere/to/be/found" }, 1)]
    [TestCase(new[] { "--help" }, 0)]
    public async Task Exit_codes(string[] arguments, int expected)
    {
        using SampleProcess process = SampleProcess.StartSheet(arguments);

        Assert.That(await process.ExitAsync(), Is.EqualTo(expected), process.Errors);
    }

    private static Cell At(Spreadsheet sheet, string name)
    {
        CellAddress.Read(name, out CellAddress address);
        return sheet[address];
    }

    private static void Put(Spreadsheet sheet, string name, string input) => At(sheet, name).Input = input;
}
