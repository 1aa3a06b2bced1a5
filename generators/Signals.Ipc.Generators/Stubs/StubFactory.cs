using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Signals.Ipc.Generators.Descriptors;
using Signals.Ipc.Generators.Support;

namespace Signals.Ipc.Generators.Stubs;

/// <summary>Decides which stubs the services of a .proto file get.</summary>
internal sealed class StubFactory
{
    /// <summary>The type of the library that generated code needs. An earlier version of the library does not have it.</summary>
    private const string NeededType = "Signals.Ipc.CallInvoker";

    /// <summary>The suffix of the constants that protoc generates for the fields of a message.</summary>
    private const string FieldNumber = "FieldNumber";

    private readonly Compilation _compilation;
    private readonly ReflectionClass _class;
    private readonly MessageResolver _resolver;
    private readonly List<Mistake> _mistakes = [];

    private StubFactory(ReflectionClass reflectionClass, MessageTable messages, Compilation compilation)
    {
        _compilation = compilation;
        _class = reflectionClass;
        _resolver = new MessageResolver(compilation, messages, reflectionClass);
    }

    /// <summary>Returns the stubs of a file, whose service comments are not known yet.</summary>
    internal static StubFile Create(ReflectionClass reflectionClass, MessageTable messages, Compilation compilation) =>
        new StubFactory(reflectionClass, messages, compilation).Create();

    private StubFile Create()
    {
        if (_class.File is not { } file)
        {
            _mistakes.Add(new Mistake(Mistakes.UnreadableDescriptor, null, null, new([_class.FullName])));
            return File("", []);
        }

        return _compilation.GetTypeByMetadataName(NeededType) is null
            ? File(file.Name, [])
            : File(file.Name, file.Services.Select(Create).OfType<ServiceStub>().ToArray());
    }

    private StubFile File(string path, IEnumerable<ServiceStub> services) =>
        new(
            path,
            null,
            _class.Namespace,
            _class.Name,
            new(services),
            new((_class.File?.Services ?? default).Where(HasGrpcStubs).Select(service => service.Name)),
            new(_mistakes)
        );

    /// <summary>Returns the stubs of a service, or null if it has mistakes.</summary>
    private ServiceStub? Create(ServiceDescription service, int index)
    {
        int before = _mistakes.Count;
        string name = TypeNames.ToPascalCase(service.Name);
        var stub = new ServiceStub(service.Name, index, name, true, default, null, null, null, "");
        foreach (string typeName in stub.StubNames.Where(IsNameOfMessage))
        {
            Add(Mistakes.MessageHasNameOfStub, service, null, typeName, service.Name);
        }

        foreach (MethodDescription method in service.Methods)
        {
            Check(service, method);
        }

        CheckNames(service);
        if (_mistakes.Count > before)
        {
            return null;
        }

        bool isPublic = IsPublic(_compilation.Assembly.GetTypeByMetadataName(_class.FullName));
        MethodStub[] methods = Create(service, stub, ref isPublic);
        return _mistakes.Count > before
            ? null
            : stub with
            {
                IsPublic = isPublic,
                Methods = new(methods),
                UserInterface = FindUserType(stub.InterfaceName, SyntaxKind.InterfaceDeclaration),
                UserProxy = FindUserType(stub.ProxyName, SyntaxKind.ClassDeclaration),
                UserBase = FindUserType(stub.BaseName, SyntaxKind.ClassDeclaration),
            };
    }

    private MethodStub[] Create(ServiceDescription service, ServiceStub stub, ref bool isPublic)
    {
        MemberNames ofBase = MemberNames.InBase(stub.BaseName);
        MemberNames ofProxy = MemberNames.InProxy(stub.ProxyName, stub.InterfaceName);
        var methods = new List<MethodStub>();
        foreach (MethodDescription method in service.Methods)
        {
            string name = TypeNames.ToPascalCase(method.Name);
            MethodKind kind = KindOf(method);
            string suffix = kind is MethodKind.Signal or MethodKind.Property ? "" : "Async";
            INamedTypeSymbol? request = FindMessage(service, method, method.RequestType, ref isPublic);
            INamedTypeSymbol? reply = FindMessage(service, method, method.ReplyType, ref isPublic);
            if (suffix.Length == 0 && request is not null && HasFields(request))
            {
                Add(Mistakes.RequestHasFields, service, method, method.Name, OptionOf(method), method.RequestType);
            }

            methods.Add(new MethodStub(method.Name, name, ofBase.Take(name), ofProxy.Take(name + suffix), "", Display(request), Display(reply), kind, ""));
        }

        // After all calls: another rpc may be called Send… itself.
        return
        [
            .. methods.Select(method => method.Kind == MethodKind.Unary ? method with { SendName = ofProxy.Take($"Send{method.Name}Async") } : method),
        ];
    }

    private static MethodKind KindOf(MethodDescription method) =>
        method.IsSignal ? MethodKind.Signal
        : method.IsProperty ? MethodKind.Property
        : method.HasReplyStream ? MethodKind.Stream
        : MethodKind.Unary;

    /// <summary>Returns the name of the option that makes an rpc a signal or a property.</summary>
    private static string OptionOf(MethodDescription method) => method.IsSignal ? "signal" : "property";

    private static string Display(INamedTypeSymbol? type) => type?.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat) ?? "";

    /// <summary>Returns a value that indicates whether a message has fields, for each of which protoc generates a constant.</summary>
    private static bool HasFields(INamedTypeSymbol message) =>
        message.GetMembers().Any(member => member is IFieldSymbol { IsConst: true } && member.Name.EndsWith(FieldNumber, StringComparison.Ordinal));

    private INamedTypeSymbol? FindMessage(ServiceDescription service, MethodDescription method, string message, ref bool isPublic)
    {
        INamedTypeSymbol? type = _resolver.Find(message);
        if (type is null)
        {
            Add(Mistakes.MessageNotFound, service, method, message, method.Name);
        }

        isPublic &= IsPublic(type);
        return type;
    }

    private void Check(ServiceDescription service, MethodDescription method)
    {
        if (method.HasRequestStream)
        {
            Add(Mistakes.RequestStream, service, method, method.Name);
        }

        if (method.IsSignal && method.IsProperty)
        {
            Add(Mistakes.SignalAndProperty, service, method, method.Name);
        }
        else if ((method.IsSignal || method.IsProperty) && !method.HasReplyStream)
        {
            Add(Mistakes.OptionWithoutStream, service, method, method.Name, OptionOf(method), method.ReplyType);
        }
    }

    private void CheckNames(ServiceDescription service)
    {
        var names = new Dictionary<string, string>();
        foreach (MethodDescription method in service.Methods)
        {
            string name = TypeNames.ToPascalCase(method.Name);
            if (names.TryGetValue(name, out string? other))
            {
                Add(Mistakes.MethodsHaveOneName, service, method, other, method.Name);
            }
            else
            {
                names.Add(name, method.Name);
            }
        }

        foreach (KeyValuePair<string, string> named in names)
        {
            if (names.TryGetValue(named.Key + "Async", out string? other))
            {
                Add(Mistakes.MethodsHaveOneName, service, service.Methods.First(method => method.Name == other), named.Value, other);
            }
        }
    }

    private void Add(string id, ServiceDescription service, MethodDescription? method, params string[] arguments) =>
        _mistakes.Add(new Mistake(id, service.Name, method?.Name, new(arguments)));

    /// <summary>Returns a value that indicates whether gRPC has generated code: <c>static class Greeter</c> with a nested <c>GreeterBase</c> or client.</summary>
    private bool HasGrpcStubs(ServiceDescription service) =>
        _compilation.Assembly.GetTypeByMetadataName(TypeNames.Join(_class.Namespace, service.Name)) is { IsStatic: true } type
        && type.GetTypeMembers().Any(member => member.Name == service.Name + "Base" || member.Name == service.Name + "Client");

    private INamedTypeSymbol? FindType(string name) => _compilation.Assembly.GetTypeByMetadataName(TypeNames.Join(_class.Namespace, name));

    private bool IsNameOfMessage(string name) => FindType(name) is { } type && (type.TypeKind == TypeKind.Enum || MessageResolver.IsMessage(type));

    private UserType? FindUserType(string name, SyntaxKind kind)
    {
        if (FindType(name) is not { } type)
        {
            return null;
        }

        TypeDeclarationSyntax[] parts = [.. type.DeclaringSyntaxReferences.Select(part => part.GetSyntax()).OfType<TypeDeclarationSyntax>()];
        return new UserType(
            IsPartial: parts.Length != 0 && parts.All(part => part.IsKind(kind) && part.Modifiers.Any(SyntaxKind.PartialKeyword)),
            type.IsSealed,
            HasBase: type.BaseType is { SpecialType: not SpecialType.System_Object },
            HasConstructor: type.InstanceConstructors.Any(constructor =>
                !constructor.IsImplicitlyDeclared && (constructor.Parameters.Length == 0 || IsPrimary(constructor))
            ),
            new(type.GetMembers().Where(member => !member.IsImplicitlyDeclared).Select(SignatureOf))
        );
    }

    private static bool IsPrimary(IMethodSymbol constructor) =>
        constructor.DeclaringSyntaxReferences.Any(declaration => declaration.GetSyntax() is TypeDeclarationSyntax);

    private static string SignatureOf(ISymbol member) =>
        member is IMethodSymbol method
            ? StubWriter.SignatureOf(
                method.Name,
                [.. method.Parameters.Select(parameter => parameter.Type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat))]
            )
            : member.Name;

    private static bool IsPublic(INamedTypeSymbol? type) =>
        type is null || (type.DeclaredAccessibility == Accessibility.Public && IsPublic(type.ContainingType));
}
