using Microsoft.CodeAnalysis.Text;

namespace Signals.Ipc.Generators.Protos;

/// <summary>
/// Reads the words of a .proto file with the comments in front of them. Accepts every text: protoc reports the errors.
/// </summary>
internal sealed class ProtoScanner(string text)
{
    private readonly List<string> _comment = [];

    private int _position;
    private int _line;

    /// <summary>The line on which the last comment ends, or -1.</summary>
    private int _commentLine = -1;

    /// <summary>The line of the last word, or -1.</summary>
    private int _wordLine = -1;

    /// <summary>Gets the last word: a name, a number, a string or a sign.</summary>
    internal string Word { get; private set; } = "";

    /// <summary>Gets the position of the last word.</summary>
    internal TextSpan Span { get; private set; }

    /// <summary>Gets the comment that ends on the line of the last word or on the line before, or an empty text.</summary>
    internal string Comment { get; private set; } = "";

    /// <summary>Reads the next word.</summary>
    /// <returns>False at the end of the text.</returns>
    internal bool Read()
    {
        _comment.Clear();
        _commentLine = -1;
        SkipToWord();
        if (_position == text.Length)
        {
            return false;
        }

        Comment = _commentLine >= _line - 1 ? ProtoCommentText.Join(_comment) : "";
        _wordLine = _line;
        int start = _position;
        if (IsNamePart(text[_position]))
        {
            while (_position < text.Length && IsNamePart(text[_position]))
            {
                _position++;
            }
        }
        else if (text[_position] is '"' or '\'')
        {
            SkipString(text[_position]);
        }
        else
        {
            _position++;
        }

        Span = TextSpan.FromBounds(start, _position);
        Word = text.Substring(start, _position - start);
        return true;
    }

    private static bool IsNamePart(char letter) => letter is '_' or '.' || char.IsLetterOrDigit(letter);

    private void SkipToWord()
    {
        while (_position < text.Length)
        {
            if (char.IsWhiteSpace(text[_position]))
            {
                _line += text[_position] == '\n' ? 1 : 0;
                _position++;
            }
            else if (Begins("//"))
            {
                int end = text.IndexOf('\n', _position);
                ReadComment(2, end < 0 ? text.Length : end, 0);
            }
            else if (Begins("/*"))
            {
                int end = text.IndexOf("*/", _position + 2, StringComparison.Ordinal);
                ReadComment(2, end < 0 ? text.Length : end, end < 0 ? 0 : 2);
            }
            else
            {
                return;
            }
        }
    }

    private bool Begins(string sign) => string.CompareOrdinal(text, _position, sign, 0, sign.Length) == 0;

    /// <summary>Reads a comment. One behind a word on its line belongs to that word, and one after an empty line begins anew.</summary>
    private void ReadComment(int opening, int end, int closing)
    {
        int firstLine = _line;
        string[] lines = text.Substring(_position + opening, end - _position - opening).Split('\n');
        _line += lines.Length - 1;
        _position = end + closing;
        if (firstLine == _wordLine)
        {
            return;
        }

        if (_commentLine != firstLine - 1)
        {
            _comment.Clear();
        }

        bool isBlock = closing != 0;
        _comment.AddRange(lines.Select(line => isBlock ? line.TrimStart().TrimStart('*') : line.TrimStart('/')));
        _commentLine = _line;
    }

    private void SkipString(char quote)
    {
        for (_position++; _position < text.Length && text[_position] != '\n'; _position++)
        {
            if (text[_position] == quote)
            {
                _position++;
                return;
            }

            if (text[_position] == '\\' && _position + 1 < text.Length && text[_position + 1] != '\n')
            {
                _position++;
            }
        }
    }
}
