using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;

namespace Signals.Tests.Generators.Support;

/// <summary>
/// Writes a program that implements every service of a compilation with its base class, exposes all of them, calls each rpc with the proxies, and connects to
/// each signal and property.
/// </summary>
internal static class CorpusProgram
{
    internal const string TypeName = "CorpusProgram";
    internal const string MethodName = "RunAsync";

    private const string Global = "global::";

    /// <summary>Returns the code of the program. Its method returns the names of the rpcs as the services saw them.</summary>
    internal static string Write(IReadOnlyCollection<INamedTypeSymbol> bases)
    {
        var code = new StringBuilder();
        code.AppendLine("#nullable enable").AppendLine("using System; using System.Collections.Generic;");
        code.AppendLine($"public static class {TypeName} {{");
        code.AppendLine(
            $"public static async global::System.Threading.Tasks.Task<List<string>> {MethodName}(global::Signals.Ipc.IpcEndpoint endpoint, int expected) {{"
        );
        code.AppendLine("var calls = new List<string>();");
        code.AppendLine("await using var host = new global::Signals.Ipc.IpcHost();");
        foreach (INamedTypeSymbol type in bases)
        {
            code.AppendLine($"var {NameOf(type)}_ = new {NameOf(type)}(calls);").AppendLine($"host.Expose({NameOf(type)}_);");
        }

        code.AppendLine("host.Start(endpoint);");
        code.AppendLine("await using var client = new global::Signals.Ipc.IpcClient(endpoint);");
        code.AppendLine("await client.ConnectAsync();");
        foreach (INamedTypeSymbol type in bases)
        {
            code.AppendLine("{").AppendLine($"using var proxy = new {ProxyOf(type)}();");
            code.AppendLine("await client.BindAsync(proxy);");
            code.AppendLine($"{InterfaceOf(type)} caller = proxy;");
            foreach (IMethodSymbol method in MethodsOf(ProxyOf(type), type))
            {
                code.AppendLine(
                    method.ReturnType.Name == "IAsyncEnumerable"
                        ? $"await foreach (var reply in caller.{method.Name}(new())) {{ lock (calls) {{ calls.Add(\"reply\"); }} }}"
                        : $"await caller.{method.Name}(new());"
                );
            }

            foreach (
                (IPropertySymbol member, IPropertySymbol told) in PropertiesOf(ProxyOf(type), type)
                    .Where(member => member.IsVirtual)
                    .Zip(PropertiesOf(Display(type), type))
            )
            {
                // Repeated, because the service does not report that a client has subscribed.
                code.AppendLine("{").AppendLine("var told = new global::System.Threading.Tasks.TaskCompletionSource();");
                code.AppendLine($"using var connection = global::Signals.PlainConnections.Connect(caller.{member.Name}, _ => told.TrySetResult());");
                code.AppendLine(
                    $"while (!told.Task.IsCompleted) {{ {NameOf(type)}_.Tell(); await global::System.Threading.Tasks.Task.WhenAny(told.Task, global::System.Threading.Tasks.Task.Delay(1)); }}"
                );
                code.AppendLine($"lock (calls) {{ calls.Add(\"told {told.Name}\"); }}").AppendLine("}");
            }

            code.AppendLine("}");
        }

        // One-way calls have no end that could be awaited.
        code.AppendLine("while (Count(calls) < expected) { await global::System.Threading.Tasks.Task.Yield(); }");
        code.AppendLine("return calls;").AppendLine("}");
        code.AppendLine("private static int Count(List<string> calls) { lock (calls) { return calls.Count; } }").AppendLine("}");
        foreach (INamedTypeSymbol type in bases)
        {
            code.AppendLine($"internal sealed class {NameOf(type)}(List<string> calls) : {Display(type)} {{");
            code.AppendLine("public List<string> Calls => calls;");
            foreach (IMethodSymbol method in type.GetMembers().OfType<IMethodSymbol>().Where(method => method.IsAbstract))
            {
                string reply = Display(((INamedTypeSymbol)method.ReturnType).TypeArguments.Single());
                bool isStream = method.ReturnType.Name == "IAsyncEnumerable";
                code.Append($"public override {(isStream ? "async " : "")}{Display(method.ReturnType)} {method.Name}(");
                code.AppendLine($"{Display(method.Parameters[0].Type)} request, global::Signals.Ipc.CallContext context) {{");
                code.AppendLine($"lock (calls) {{ calls.Add(\"{method.Name} = \" + context.MethodName); }}");
                code.AppendLine(
                    isStream
                        ? $"await global::System.Threading.Tasks.Task.Yield(); yield return new {reply}(); yield return new {reply}();"
                        : $"return new(new {reply}());"
                );
                code.AppendLine("}");
            }

            code.AppendLine("private int _number;").AppendLine("public void Tell() {").AppendLine("_number++;");
            foreach (IPropertySymbol member in PropertiesOf(Display(type), type))
            {
                string message = $"new {Display(((INamedTypeSymbol)member.Type).TypeArguments.Single())}()";
                code.AppendLine(
                    member.Type.Name == "Signal"
                        ? $"{member.Name}.Emit({message});"
                        : $"{member.Name}.Value = {message[..^2]} {{ Text = _number.ToString() }};"
                );
            }

            code.AppendLine("}").AppendLine("}");
        }

        return code.ToString();
    }

    /// <summary>Returns what the program returns if every call reaches its method.</summary>
    internal static IEnumerable<string> Expect(IEnumerable<(string BaseMethod, string Rpc, bool IsStream)> rpcs, IEnumerable<IPropertySymbol> signals) =>
        rpcs.SelectMany(rpc =>
            {
                string call = $"{rpc.BaseMethod} = {rpc.Rpc}";
                return rpc.IsStream ? new[] { call, "reply", "reply" } : [call, call];
            })
            .Concat(signals.Select(signal => $"told {signal.Name}"));

    private static IEnumerable<IPropertySymbol> PropertiesOf(string stub, INamedTypeSymbol type) => MembersOf(stub, type).OfType<IPropertySymbol>();

    private static ImmutableArray<ISymbol> MembersOf(string stub, INamedTypeSymbol type) =>
        type.ContainingNamespace.GetTypeMembers(stub[(stub.LastIndexOfAny(['.', ':']) + 1)..].TrimStart('@')).Single().GetMembers();

    private static IEnumerable<IMethodSymbol> MethodsOf(string proxy, INamedTypeSymbol type) =>
        MembersOf(proxy, type).OfType<IMethodSymbol>().Where(method => method is { MethodKind: MethodKind.Ordinary, IsVirtual: true });

    private static string Display(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);

    private static string NameOf(INamedTypeSymbol type) => Display(type).Replace(Global, "").Replace('.', '_').Replace("@", "") + "_Implementation";

    private static string ProxyOf(INamedTypeSymbol type) => Display(type)[..^"Base".Length] + "Proxy";

    private static string InterfaceOf(INamedTypeSymbol type)
    {
        string name = Display(type)[..^"Base".Length];
        int start = name.LastIndexOfAny(['.', ':']) + 1;
        return name[..start] + "I" + name[start..];
    }
}
