namespace Signals;

/// <summary>Specifies the kind of an edit of a list.</summary>
internal enum ListEditKind
{
    Insert,
    Remove,
    Replace,
    Move,
    Clear,
}
