using System.Text;
using Microsoft.CodeAnalysis.CSharp;

namespace Signals.Ipc.Generators.Support;

/// <summary>Names of types, as metadata, C# and .proto files have them.</summary>
internal static class TypeNames
{
    /// <summary>Puts a name behind a scope, which may be empty.</summary>
    internal static string Join(string scope, string name) => scope.Length == 0 ? name : $"{scope}.{name}";

    /// <summary>Returns the part of a full name before its last period, or an empty text.</summary>
    internal static string ScopeOf(string fullName) => fullName.Substring(0, Math.Max(fullName.LastIndexOf('.'), 0));

    /// <summary>Removes the signs that mark C# keywords as names.</summary>
    internal static string Unescape(string name) => name.Replace("@", "");

    /// <summary>Returns a name from metadata as C# code that needs no using directive.</summary>
    internal static string ToCSharp(string metadataName) => "global::" + Escape(metadataName.Replace('+', '.'));

    /// <summary>Marks the parts of a name that are C# keywords.</summary>
    internal static string Escape(string name) =>
        string.Join(".", name.Split('.').Select(static part => SyntaxFacts.GetKeywordKind(part) == SyntaxKind.None ? part : "@" + part));

    /// <summary>Returns the name of an rpc or a service as C# writes it: the underscores are left out, and the letter after each is a capital.</summary>
    internal static string ToPascalCase(string name)
    {
        var result = new StringBuilder(name.Length);
        bool begins = true;
        foreach (char letter in name)
        {
            if (letter != '_')
            {
                result.Append(begins ? char.ToUpperInvariant(letter) : letter);
            }

            begins = letter == '_';
        }

        if (result.Length == 0 || char.IsDigit(result[0]))
        {
            result.Insert(0, '_');
        }

        return result.ToString();
    }

    /// <summary>Returns the namespace that protoc chooses for a package.</summary>
    internal static string NamespaceOfPackage(string package)
    {
        var result = new StringBuilder(package.Length);
        bool begins = true;
        foreach (char letter in package)
        {
            if (letter != '_')
            {
                result.Append(begins ? char.ToUpperInvariant(letter) : letter);
            }

            begins = !char.IsLetter(letter);
        }

        return result.ToString();
    }
}
