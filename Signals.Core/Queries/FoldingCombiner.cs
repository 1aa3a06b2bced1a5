namespace Signals;

/// <summary>Combiner that updates a value with each result.</summary>
/// <param name="initial">The combined result of a query without slots.</param>
/// <param name="fold">The function that returns the next value, and whether the next slot is to run.</param>
/// <param name="needsResult">Indicates whether the combined result of a query without slots is an exception.</param>
internal sealed class FoldingCombiner<TResult, TCombined>(
    TCombined initial,
    Func<TCombined, TResult, (TCombined Combined, bool Continues)> fold,
    bool needsResult = false
) : ICombiner<TResult, TCombined>
{
    private TCombined _combined = initial;
    private bool _hasResult = !needsResult;

    public TCombined Combined =>
        _hasResult
            ? _combined
            : throw new InvalidOperationException(
                $"The query has no result because no slot returned one. Use {nameof(Combine.FirstNotNull)} if that can happen."
            );

    public bool Add(TResult result)
    {
        _hasResult = true;
        (_combined, bool continues) = fold(_combined, result);
        return continues;
    }
}
