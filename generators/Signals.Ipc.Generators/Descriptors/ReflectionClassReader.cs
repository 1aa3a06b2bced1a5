using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Signals.Ipc.Generators.Support;

namespace Signals.Ipc.Generators.Descriptors;

/// <summary>Finds the classes that protoc generates, and reads the descriptors in them.</summary>
internal static class ReflectionClassReader
{
    private const string Suffix = "Reflection";
    private const string DescriptorProperty = "Descriptor";
    private const string Global = "global::";

    /// <summary>The results by syntax node: the compiler asks again for each class after each edit of any file.</summary>
    private static readonly ConditionalWeakTable<ClassDeclarationSyntax, StrongBox<ReflectionClass?>> Known = new();

    /// <summary>Returns a value that indicates whether a node may be such a class. Called for each node of each edited file.</summary>
    internal static bool IsCandidate(SyntaxNode node) =>
        node is ClassDeclarationSyntax { Parent: BaseNamespaceDeclarationSyntax or CompilationUnitSyntax } declaration
        && declaration.Identifier.ValueText.EndsWith(Suffix, StringComparison.Ordinal)
        && declaration.Modifiers.Any(SyntaxKind.StaticKeyword);

    /// <summary>Reads a candidate.</summary>
    /// <returns>Null if the class is not one that protoc generated.</returns>
    internal static ReflectionClass? Read(ClassDeclarationSyntax declaration) =>
        Known.GetValue(declaration, static declaration => new StrongBox<ReflectionClass?>(ReadOnce(declaration))).Value;

    private static ReflectionClass? ReadOnce(ClassDeclarationSyntax declaration)
    {
        BlockSyntax? body = declaration
            .Members.OfType<ConstructorDeclarationSyntax>()
            .FirstOrDefault(constructor => constructor.Modifiers.Any(SyntaxKind.StaticKeyword))
            ?.Body;
        InvocationExpressionSyntax? creation = Find(body, "FromGeneratedCode");
        if (creation is null)
        {
            return null;
        }

        return new ReflectionClass(
            NamespaceOf(declaration),
            declaration.Identifier.ValueText,
            ReadDescriptor(Find(body, "FromBase64String")),
            new(ImportsOf(creation))
        );
    }

    /// <summary>Finds the statement that assigns the result of a method, and returns its call of the method.</summary>
    private static InvocationExpressionSyntax? Find(BlockSyntax? body, string method) =>
        body?.Statements.SelectMany(ValuesOf).OfType<InvocationExpressionSyntax>().FirstOrDefault(invocation => NameOf(invocation) == method);

    private static IEnumerable<ExpressionSyntax?> ValuesOf(StatementSyntax statement) =>
        statement switch
        {
            LocalDeclarationStatementSyntax local => local.Declaration.Variables.Select(variable => variable.Initializer?.Value),
            ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax assignment } => [assignment.Right],
            _ => [],
        };

    private static string? NameOf(InvocationExpressionSyntax invocation) =>
        (invocation.Expression as MemberAccessExpressionSyntax)?.Name.Identifier.ValueText;

    private static FileDescription? ReadDescriptor(InvocationExpressionSyntax? decoding)
    {
        if (decoding is null)
        {
            return null;
        }

        string text = string.Concat(
            decoding
                .ArgumentList.DescendantTokens()
                .Where(static token => token.IsKind(SyntaxKind.StringLiteralToken))
                .Select(static token => token.ValueText)
        );
        try
        {
            return DescriptorReader.Read(Convert.FromBase64String(text));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>Returns the classes in <c>new FileDescriptor[] { global::Imported.FileReflection.Descriptor, }</c>.</summary>
    private static IEnumerable<string> ImportsOf(InvocationExpressionSyntax creation) =>
        creation
            .ArgumentList.Arguments.Select(static argument => argument.Expression)
            .OfType<ArrayCreationExpressionSyntax>()
            .SelectMany(static array => (IEnumerable<ExpressionSyntax>?)array.Initializer?.Expressions ?? [])
            .OfType<MemberAccessExpressionSyntax>()
            .Where(static access => access.Name.Identifier.ValueText == DescriptorProperty)
            .Select(static access => access.Expression.ToString())
            .Where(static name => name.StartsWith(Global, StringComparison.Ordinal))
            .Select(static name => TypeNames.Unescape(name.Substring(Global.Length)));

    private static string NamespaceOf(ClassDeclarationSyntax declaration) =>
        TypeNames.Unescape(
            string.Join(".", declaration.Ancestors().OfType<BaseNamespaceDeclarationSyntax>().Reverse().Select(static space => space.Name.ToString()))
        );
}
