using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Signals.Tests.Generators.Support;

/// <summary>A .proto file as the compiler shows it to the generator.</summary>
internal sealed class ProtoText(string path, string text) : AdditionalText
{
    private readonly SourceText _text = SourceText.From(text);

    public override string Path => path;

    public override SourceText GetText(CancellationToken cancellationToken = default) => _text;
}
