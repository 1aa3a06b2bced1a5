namespace Signals;

/// <summary>The data that the tracker has about an evaluator. It does not keep the evaluator alive.</summary>
/// <param name="id">The number of the evaluator.</param>
internal sealed class EvaluatorRecord(long id)
{
    internal long Id => id;
}
