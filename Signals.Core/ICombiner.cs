namespace Signals;

/// <summary>
/// Combines the results of the slots of a <see cref="Query{T, TResult}"/>. A combiner is used for one call: <see cref="Combine"/> has ready-made
/// ones.
/// </summary>
/// <typeparam name="TResult">The type of the results.</typeparam>
/// <typeparam name="TCombined">The type of the combined result.</typeparam>
public interface ICombiner<in TResult, out TCombined>
{
    /// <summary>Gets the combined result. Read once, after the last result was added.</summary>
    TCombined Combined { get; }

    /// <summary>Adds the result of the next slot.</summary>
    /// <param name="result">The result.</param>
    /// <returns><see langword="true"/> to run the next slot; <see langword="false"/> to run no further slot.</returns>
    bool Add(TResult result);
}
