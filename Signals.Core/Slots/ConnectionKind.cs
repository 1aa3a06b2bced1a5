namespace Signals;

/// <summary>The kinds of connections, for whoever looks at a signal in a debugger.</summary>
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
}
