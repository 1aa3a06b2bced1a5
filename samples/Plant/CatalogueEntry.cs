namespace Plant;

/// <summary>A gauge that the sensors export.</summary>
/// <param name="Page">The page of the panel.</param>
/// <param name="Name">The name of the export.</param>
/// <param name="Title">The title on the page.</param>
/// <param name="Unit">The unit, or nothing.</param>
internal sealed record CatalogueEntry(string Page, string Name, string Title, string Unit);
