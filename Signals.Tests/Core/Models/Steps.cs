namespace Signals.Tests.Core.Models;

/// <summary>Step of a program or of a slot's script. Targets are selected by numbers that are always valid.</summary>
internal abstract record Step
{
    /// <summary>Connects a slot with a script, which it runs when it is called.</summary>
    internal sealed record Connect(int Signal, SlotKind Kind, Script Script) : Step;

    /// <summary>Connects slots that only record their calls.</summary>
    internal sealed record ConnectMany(int Signal, SlotKind Kind, int Count) : Step;

    internal sealed record Disconnect(Target Target, bool ThroughSignal) : Step;

    /// <summary>Ends every nth of the active connections.</summary>
    internal sealed record DisconnectMany(int First, int Count, int Stride) : Step;

    /// <summary>Ends active connections until few are left.</summary>
    internal sealed record DisconnectAllBut(int First, int Left, int Stride) : Step;

    /// <summary>Passes a handle to a signal that does not own the connection.</summary>
    internal sealed record DisconnectWrongly(Target Target) : Step;

    internal sealed record Block(Target Target, bool Blocked, bool ThroughSignal) : Step;

    internal sealed record DisconnectAll(int Signal) : Step;

    internal sealed record TrimExcess(int Signal) : Step;

    internal sealed record Emit(int Signal, int Value) : Step;

    /// <summary>Emits inside a <see cref="ConnectionBlocker"/>.</summary>
    internal sealed record EmitWhileBlocked(Target Target, int Signal, int Value) : Step;

    /// <summary>Records the state of a connection and the counts.</summary>
    internal sealed record Probe(Target Target) : Step;

    internal sealed record Throw : Step;

    internal sealed record Dispose(int Signal) : Step;

    internal sealed record Evaluate : Step;

    internal sealed record DisposeEvaluator : Step;
}

internal enum SlotKind
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
}

/// <summary>Specifies the connections from which one is selected.</summary>
internal enum TargetKind
{
    /// <summary>The active connections.</summary>
    Live,

    /// <summary>All connections that were ever made.</summary>
    Any,

    /// <summary>The connection of the running slot.</summary>
    Self,
}

internal sealed record Target(TargetKind Kind, int Number);

/// <summary>Script of a slot: the steps for its first call, its second one, ….</summary>
internal sealed record Script(ScriptLine[] Lines)
{
    internal static readonly Script Empty = new([]);

    public override string ToString() => $"[{string.Join("; ", Lines.Select(line => line.ToString()))}]";
}

internal sealed record ScriptLine(int Call, Step Step);

internal enum FailurePolicy
{
    RunAllThenThrow,
    StopAtFirst,
    Handler,
    ThrowingHandler,
}
