namespace Signals.Ipc.Generators.Stubs;

/// <summary>The members that represent an rpc.</summary>
internal enum MethodKind
{
    /// <summary>A method with one reply.</summary>
    Unary,

    /// <summary>A method with a stream of replies.</summary>
    Stream,

    /// <summary>A signal, whose emissions are the replies.</summary>
    Signal,

    /// <summary>A property, whose values are the replies.</summary>
    Property,
}
