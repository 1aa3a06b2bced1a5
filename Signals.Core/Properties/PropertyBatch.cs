namespace Signals;

/// <summary>
/// An open batch. Disposing it ends the batch: at the end of the outermost batch of the thread in a scope, slots and effects run.
/// </summary>
public readonly struct PropertyBatch : IDisposable
{
    private readonly BatchState? _batch;
    private readonly long _number;

    internal PropertyBatch(PropertyScope scope)
    {
        _batch = PropertyContext.Current.BeginBatch(scope);
        _number = _batch.Begin();
    }

    /// <summary>
    /// Ends the batch. The outermost one tells what was set in it. Does nothing if the batch has ended.
    /// </summary>
    /// <exception cref="InvalidOperationException">Another thread began the batch.</exception>
    /// <exception cref="Exception">
    /// Slots or effects threw: a single exception as it was thrown, several as an <see cref="AggregateException"/>.
    /// </exception>
    public void Dispose()
    {
        int depth = _batch?.DepthOf(_number) ?? -1;
        if (depth < 0)
        {
            return;
        }

        if (_batch!.Owner != PropertyContext.Current)
        {
            throw new InvalidOperationException("A batch ends on the thread that began it. Do not await inside a batch.");
        }

        _batch.End(depth);
        if (depth == 0)
        {
            _batch.Owner.EndBatch(_batch);
        }
    }
}
