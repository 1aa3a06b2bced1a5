using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace PublicDocs;

/// <summary>Writes types as the ids of documentation files do, such as <c>System.Action{`0,System.Int32[]}</c>.</summary>
internal sealed class DocumentationIdProvider : ISignatureTypeProvider<string, object?>
{
    /// <summary>Returns the full name of a type, with the number of its type parameters.</summary>
    internal static string NameOf(MetadataReader reader, TypeDefinitionHandle handle)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        string name = reader.GetString(type.Name);
        return type.GetDeclaringType() is { IsNil: false } outer ? $"{NameOf(reader, outer)}.{name}" : Qualified(reader.GetString(type.Namespace), name);
    }

    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => NameOf(reader, handle);

    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
    {
        TypeReference type = reader.GetTypeReference(handle);
        string name = reader.GetString(type.Name);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? $"{GetTypeFromReference(reader, (TypeReferenceHandle)type.ResolutionScope, 0)}.{name}"
            : Qualified(reader.GetString(type.Namespace), name);
    }

    public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    /// <summary>Replaces each <c>`2</c> in the name with as many of the arguments: nested types have the arguments of the outer ones too.</summary>
    public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments)
    {
        int used = 0;
        IEnumerable<string> parts = genericType
            .Split('.')
            .Select(part =>
            {
                string[] nameAndCount = part.Split('`');
                if (nameAndCount is not [string name, string count])
                {
                    return part;
                }

                IEnumerable<string> own = typeArguments.Skip(used).Take(int.Parse(count, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
                used += own.Count();
                return $"{name}{{{string.Join(',', own)}}}";
            });
        return string.Join('.', parts);
    }

    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => $"System.{typeCode}";

    public string GetGenericTypeParameter(object? genericContext, int index) => $"`{index}";

    public string GetGenericMethodParameter(object? genericContext, int index) => $"``{index}";

    public string GetSZArrayType(string elementType) => $"{elementType}[]";

    public string GetArrayType(string elementType, ArrayShape shape) => $"{elementType}[{string.Join(',', Enumerable.Repeat("0:", shape.Rank))}]";

    public string GetByReferenceType(string elementType) => $"{elementType}@";

    public string GetPointerType(string elementType) => $"{elementType}*";

    public string GetPinnedType(string elementType) => elementType;

    public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

    public string GetFunctionPointerType(MethodSignature<string> signature) =>
        throw new NotSupportedException("Documentation ids of function pointers are not supported.");

    private static string Qualified(string space, string name) => space == "" ? name : $"{space}.{name}";
}
