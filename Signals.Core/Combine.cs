using System.Numerics;

namespace Signals;

/// <summary>Creates combiners for the results of a <see cref="Query{T, TResult}"/>: a new one with each call.</summary>
public static class Combine
{
    /// <summary>Creates a combiner that gives all results in the order of the slots.</summary>
    /// <typeparam name="TResult">The type of the results.</typeparam>
    /// <returns>The combiner, whose result is empty if the query has no slots.</returns>
    public static ICombiner<TResult, IReadOnlyList<TResult>> All<TResult>() =>
        new FoldingCombiner<TResult, List<TResult>>(
            [],
            static (results, result) =>
            {
                results.Add(result);
                return (results, true);
            }
        );

    /// <summary>Creates a combiner that gives the result of the first slot, and runs no further one.</summary>
    /// <typeparam name="TResult">The type of the results.</typeparam>
    /// <returns>The combiner, which throws <see cref="InvalidOperationException"/> if the query has no slots.</returns>
    public static ICombiner<TResult, TResult> First<TResult>() =>
        new FoldingCombiner<TResult, TResult>(default!, static (_, result) => (result, false), needsResult: true);

    /// <summary>Creates a combiner that gives the result of the last slot.</summary>
    /// <typeparam name="TResult">The type of the results.</typeparam>
    /// <returns>The combiner, which throws <see cref="InvalidOperationException"/> if the query has no slots.</returns>
    public static ICombiner<TResult, TResult> Last<TResult>() =>
        new FoldingCombiner<TResult, TResult>(default!, static (_, result) => (result, true), needsResult: true);

    /// <summary>Creates a combiner that gives the first result that is not null, and runs no further slot.</summary>
    /// <typeparam name="TResult">The type of the results.</typeparam>
    /// <returns>The combiner, whose result is <see langword="default"/> if there is no such result.</returns>
    public static ICombiner<TResult?, TResult?> FirstNotNull<TResult>() =>
        new FoldingCombiner<TResult?, TResult?>(default, static (_, result) => (result, result is null));

    /// <summary>Creates a combiner that determines whether any result is true, and runs no further slot then.</summary>
    /// <returns>The combiner, whose result is <see langword="false"/> if the query has no slots.</returns>
    public static ICombiner<bool, bool> AnyTrue() => new FoldingCombiner<bool, bool>(false, static (_, result) => (result, !result));

    /// <summary>Creates a combiner that determines whether all results are true, and runs no further slot after one that is not.</summary>
    /// <returns>The combiner, whose result is <see langword="true"/> if the query has no slots.</returns>
    public static ICombiner<bool, bool> AllTrue() => new FoldingCombiner<bool, bool>(true, static (_, result) => (result, result));

    /// <summary>Creates a combiner that adds all results.</summary>
    /// <typeparam name="TResult">The type of the results.</typeparam>
    /// <returns>The combiner, whose result is zero if the query has no slots.</returns>
    public static ICombiner<TResult, TResult> Sum<TResult>()
        where TResult : IAdditionOperators<TResult, TResult, TResult>, IAdditiveIdentity<TResult, TResult> =>
        new FoldingCombiner<TResult, TResult>(TResult.AdditiveIdentity, static (sum, result) => (sum + result, true));
}
