using System.Text;

namespace Signals.Ipc.Generators.Stubs;

/// <summary>Writes indented lines of C#.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;

    /// <summary>A value that indicates whether an empty line precedes the next line.</summary>
    private bool _needsSpace;

    /// <summary>Writes a line.</summary>
    internal void Line(string line)
    {
        if (_needsSpace)
        {
            _text.Append('\n');
            _needsSpace = false;
        }

        _text.Append(' ', 4 * _depth).Append(line).Append('\n');
    }

    /// <summary>Leaves an empty line before the next line of this block, if there is one.</summary>
    internal void Space() => _needsSpace = true;

    /// <summary>Opens a block.</summary>
    internal void Open()
    {
        Line("{");
        _depth++;
    }

    /// <summary>Closes a block.</summary>
    internal void Close()
    {
        _needsSpace = false;
        _depth--;
        Line("}");
    }

    /// <summary>Increases the indentation of the following lines.</summary>
    internal void Indent() => _depth++;

    /// <summary>Ends <see cref="Indent"/>.</summary>
    internal void Outdent() => _depth--;

    public override string ToString() => _text.ToString();
}
