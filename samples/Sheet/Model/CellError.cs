namespace Sheet.Model;

/// <summary>The reason why a cell has no value. A cell that needs it has none for the same reason.</summary>
/// <param name="code">The text that the cell shows, such as "#DIV/0".</param>
internal sealed class CellError(string code) : Exception(code)
{
    internal const string Cycle = "#CYCLE";
    internal const string DivisionByZero = "#DIV/0";
    internal const string NotANumber = "#VALUE";
    internal const string Syntax = "#SYNTAX";
}
