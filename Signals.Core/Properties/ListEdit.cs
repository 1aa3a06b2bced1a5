namespace Signals;

/// <summary>An edit of a list.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Index">The index of the item, before a move.</param>
/// <param name="To">The index after a move.</param>
/// <param name="Item">The item, or the new one.</param>
/// <param name="Old">The replaced item.</param>
/// <param name="Number">The position in the order of all edits.</param>
internal readonly record struct ListEdit<T>(ListEditKind Kind, int Index, int To, T Item, T Old, long Number);
