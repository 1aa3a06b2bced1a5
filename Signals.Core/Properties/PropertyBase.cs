namespace Signals;

/// <summary>
/// Base class of <see cref="Property{T}"/> and <see cref="Computed{T}"/>: a node of the graph of values that follow each other. It cannot be
/// derived from elsewhere.
/// </summary>
public abstract class PropertyBase
{
    /// <summary>The version of a value that was there from the beginning.</summary>
    internal const long FirstVersion = 1;

    /// <summary>
    /// Number that identifies the value. Equal values in succession have one, and no number is used for two different values. Zero while there is no
    /// value, and while another one is being written.
    /// </summary>
    internal long Version;

    /// <summary>The last run that has read the node, so that a run lists each only once.</summary>
    internal long ReadBy;

    private protected PropertyBase() { }

    /// <summary>Gets the scope whose telling includes that of this node.</summary>
    internal abstract PropertyScope Scope { get; }

    /// <summary>Gets what only observed nodes and those with rare features need, or null.</summary>
    internal abstract PropertyExtras? Extras { get; }

    /// <summary>Gets a value that indicates whether the node has a computation.</summary>
    internal virtual bool IsComputing => false;

    /// <summary>Gets a value that indicates whether the node is an effect, which nothing reads.</summary>
    internal virtual bool IsEffect => false;

    /// <summary>Gets the state of the computation. Only for nodes that have, or had, one.</summary>
    internal virtual ref ComputationState State => throw new NotSupportedException();

    /// <summary>Gets the exception that the last run has thrown, or null.</summary>
    internal Exception? Failure => Extras?.Failure;

    /// <summary>Returns the extras, which are created if there are none. Called while the graph's lock is held.</summary>
    internal abstract PropertyExtras EnsureExtras();

    /// <summary>
    /// Runs the computation and stores its result. Called while the graph's lock is held, which is released meanwhile, and held again at the end, also
    /// if an exception is thrown.
    /// </summary>
    internal virtual void Recompute(PropertyContext context) => throw new NotSupportedException();

    /// <summary>Queues the telling of a change. Called while the graph's lock is held, at the end of a batch.</summary>
    internal virtual void QueueAfterBatch(long change, PropertyContext context) { }

    /// <summary>Compares the value with that before a batch, and gives it the same version if it is equal. Called while no lock is held.</summary>
    internal virtual void SettleAfterBatch(PropertyContext context) { }

    /// <summary>Prepares what is to be told. Returns false if there is nothing. Called while no lock is held.</summary>
    internal virtual bool Prepare(PropertyContext context, ref PropertyFailures failures) => false;

    /// <summary>Tells the slots the next queued value. Called while no lock is held.</summary>
    internal virtual void Tell(PropertyContext context, ref PropertyFailures failures) { }

    /// <summary>Called while the graph's lock is held, after something that the node has read may have changed.</summary>
    internal virtual void OnMarked(long change, PropertyContext context) { }

    /// <summary>Returns the type and the computation, for messages.</summary>
    internal abstract string Describe();

    /// <summary>Calls a delegate when the property is disposed. Throws if it has been.</summary>
    internal virtual IDisposable SubscribeEnd(Action end) => throw new NotSupportedException();
}
