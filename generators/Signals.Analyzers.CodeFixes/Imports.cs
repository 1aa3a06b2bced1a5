using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace Signals.Analyzers.CodeFixes;

/// <summary>Adds using directives.</summary>
internal static class Imports
{
    internal static CompilationUnitSyntax Add(CompilationUnitSyntax root, string name)
    {
        if (root.Usings.Any(existing => existing.Alias is null && existing.StaticKeyword == default && existing.Name?.ToString() == name))
        {
            return root;
        }

        UsingDirectiveSyntax directive = SyntaxFactory
            .UsingDirective(SyntaxFactory.ParseName(name).WithLeadingTrivia(SyntaxFactory.Space))
            .WithTrailingTrivia(SyntaxFactory.ElasticLineFeed)
            .WithAdditionalAnnotations(Formatter.Annotation);
        return root.WithUsings(root.Usings.Add(directive));
    }
}
