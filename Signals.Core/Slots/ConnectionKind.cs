namespace Signals;

/// <summary>Specifies the kind of a connection.</summary>
internal enum ConnectionKind
{
    Plain,
    ArgumentDropping,
    WithState,
    Chained,
    Reflective,
    SingleShot,
    Weak,
    Deferred,
    DeferredLatest,
    DeferredReflective,
    DeferredSingleShot,
    Posted,
    Observer,
    Custom,
    Asynchronous,
    DeferredAsynchronous,
    DeferredWeak,
    Blocking,
    Continuation,
}
