namespace Signals;

/// <summary>Specifies the kind of a connection.</summary>
public enum ConnectionKind
{
    /// <summary>The emission calls the slot.</summary>
    Plain,

    /// <summary>The emission calls a slot that does not take the arguments.</summary>
    ArgumentDropping,

    /// <summary>The emission calls the slot with a state: see <see cref="StateConnections"/>.</summary>
    WithState,

    /// <summary>The emission emits another signal: see <see cref="SignalChaining"/>.</summary>
    Chained,

    /// <summary>The emission calls the slot with the handle of the connection: see <see cref="ReflectiveConnections"/>.</summary>
    Reflective,

    /// <summary>The first emission calls the slot: see <see cref="SingleShotConnections"/>.</summary>
    SingleShot,

    /// <summary>The emission calls the slot as long as its target exists: see <see cref="WeakConnections"/>.</summary>
    Weak,

    /// <summary>An evaluator runs the slot: see <see cref="DeferredConnections"/>.</summary>
    Deferred,

    /// <summary>An evaluator runs the slot with the latest arguments.</summary>
    DeferredLatest,

    /// <summary>An evaluator runs the slot with the handle of the connection.</summary>
    DeferredReflective,

    /// <summary>An evaluator runs the slot for the first emission.</summary>
    DeferredSingleShot,

    /// <summary>The connection is a subscription of an observer: see <see cref="SignalObservable"/>.</summary>
    Observer,

    /// <summary>The emission invokes a slot object of another class: see <see cref="ISlot{T}"/>.</summary>
    Custom,

    /// <summary>The emission starts an asynchronous slot: see <see cref="AsyncConnections"/>.</summary>
    Asynchronous,

    /// <summary>An evaluator starts an asynchronous slot.</summary>
    DeferredAsynchronous,

    /// <summary>An evaluator runs the slot as long as its target exists: see <see cref="DeferredWeakConnections"/>.</summary>
    DeferredWeak,

    /// <summary>The emission waits until an evaluator has run the slot: see <see cref="BlockingConnections"/>.</summary>
    Blocking,
}
