using System.Text.Json.Serialization;

namespace Plant;

/// <summary>The generated serializer of the catalogue, which needs no reflection.</summary>
[JsonSerializable(typeof(Catalogue))]
internal sealed partial class CatalogueJson : JsonSerializerContext;
