using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace PublicDocs;

/// <summary>The types and members of an assembly that other assemblies can use, by the ids that a documentation file gives them.</summary>
internal sealed class VisibleMembers
{
    private readonly MetadataReader _reader;
    private readonly DocumentationIdProvider _names = new();
    private readonly HashSet<string> _ids = [];

    private VisibleMembers(MetadataReader reader) => _reader = reader;

    /// <summary>Returns the ids of the visible types and members, such as <c>M:Signals.Signal.Emit</c>.</summary>
    internal static HashSet<string> Read(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        var members = new VisibleMembers(file.GetMetadataReader());
        foreach (TypeDefinitionHandle handle in members._reader.TypeDefinitions)
        {
            members.AddType(handle);
        }

        return members._ids;
    }

    private void AddType(TypeDefinitionHandle handle)
    {
        TypeDefinition type = _reader.GetTypeDefinition(handle);
        if (!IsVisible(type))
        {
            return;
        }

        string name = DocumentationIdProvider.NameOf(_reader, handle);
        _ids.Add($"T:{name}");
        foreach (FieldDefinition field in type.GetFields().Select(_reader.GetFieldDefinition))
        {
            if ((field.Attributes & FieldAttributes.FieldAccessMask) is FieldAttributes.Public or FieldAttributes.Family or FieldAttributes.FamORAssem)
            {
                _ids.Add($"F:{name}.{_reader.GetString(field.Name)}");
            }
        }

        foreach (MethodDefinition method in type.GetMethods().Select(_reader.GetMethodDefinition).Where(IsVisible))
        {
            _ids.Add($"M:{name}.{SignatureOf(method)}");
        }

        foreach (PropertyDefinition property in type.GetProperties().Select(_reader.GetPropertyDefinition))
        {
            PropertyAccessors accessors = property.GetAccessors();
            if (IsVisible(accessors.Getter) || IsVisible(accessors.Setter))
            {
                string parameters = ParametersOf(property.DecodeSignature(_names, null).ParameterTypes);
                _ids.Add($"P:{name}.{EscapedName(property.Name)}{parameters}");
            }
        }

        foreach (EventDefinition definition in type.GetEvents().Select(_reader.GetEventDefinition))
        {
            if (IsVisible(definition.GetAccessors().Adder))
            {
                _ids.Add($"E:{name}.{EscapedName(definition.Name)}");
            }
        }
    }

    private bool IsVisible(TypeDefinition type) =>
        (type.Attributes & TypeAttributes.VisibilityMask) switch
        {
            TypeAttributes.Public => true,
            TypeAttributes.NestedPublic or TypeAttributes.NestedFamily or TypeAttributes.NestedFamORAssem => IsVisible(
                _reader.GetTypeDefinition(type.GetDeclaringType())
            ),
            _ => false,
        };

    private static bool IsVisible(MethodDefinition method) =>
        (method.Attributes & MethodAttributes.MemberAccessMask) is MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem;

    private bool IsVisible(MethodDefinitionHandle accessor) => !accessor.IsNil && IsVisible(_reader.GetMethodDefinition(accessor));

    private string SignatureOf(MethodDefinition method)
    {
        MethodSignature<string> signature = method.DecodeSignature(_names, null);
        string name = EscapedName(method.Name);
        string typeParameters = signature.GenericParameterCount > 0 ? $"``{signature.GenericParameterCount}" : "";
        // Conversions may differ in the result alone.
        string result = name is "op_Implicit" or "op_Explicit" or "op_CheckedExplicit" ? $"~{signature.ReturnType}" : "";
        return $"{name}{typeParameters}{ParametersOf(signature.ParameterTypes)}{result}";
    }

    private static string ParametersOf(ImmutableArray<string> types) => types.IsEmpty ? "" : $"({string.Join(',', types)})";

    private string EscapedName(StringHandle name) => _reader.GetString(name).Replace('.', '#').Replace('<', '{').Replace('>', '}').Replace(',', '@');
}
