using System.Diagnostics.CodeAnalysis;

namespace Signals.Tool.Commands;

/// <summary>The names of a service and a method, with "/" between them.</summary>
internal sealed record MethodPath(string Service, string Method)
{
    internal static bool TryParse(string text, [NotNullWhen(true)] out MethodPath? path)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        bool isValid = slash > 0 && slash == text.LastIndexOf('/') && slash < text.Length - 1;
        path = isValid ? new MethodPath(text[..slash], text[(slash + 1)..]) : null;
        return isValid;
    }

    public override string ToString() => $"{Service}/{Method}";
}
