namespace Signals.Tests.Core.Models;

/// <summary>One thing that a program does, on its own or from inside a slot. Targets are picked by numbers that are always valid.</summary>
internal abstract record Step
{
    /// <summary>Connects a slot with a script of what it does when it is called.</summary>
    internal sealed record Connect(int Signal, SlotKind Kind, Script Script) : Step;

    /// <summary>Connects slots that only note that they were called.</summary>
    internal sealed record ConnectMany(int Signal, SlotKind Kind, int Count) : Step;

    internal sealed record Disconnect(Target Target, bool ThroughSignal) : Step;

    /// <summary>Disconnects live connections, every so manieth of those that are there.</summary>
    internal sealed record DisconnectMany(int First, int Count, int Stride) : Step;

    /// <summary>Disconnects live connections until few are left.</summary>
    internal sealed record DisconnectAllBut(int First, int Left, int Stride) : Step;

    /// <summary>Hands a connection to a signal that is not its own.</summary>
    internal sealed record DisconnectWrongly(Target Target) : Step;

    internal sealed record Block(Target Target, bool Blocked, bool ThroughSignal) : Step;

    internal sealed record DisconnectAll(int Signal) : Step;

    internal sealed record TrimExcess(int Signal) : Step;

    internal sealed record Emit(int Signal, int Value) : Step;

    /// <summary>Emits inside a <see cref="ConnectionBlocker"/>.</summary>
    internal sealed record EmitWhileBlocked(Target Target, int Signal, int Value) : Step;

    /// <summary>Notes how a connection and the counts stand.</summary>
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

/// <summary>Which connection is meant.</summary>
internal enum TargetKind
{
    /// <summary>One that stands.</summary>
    Live,

    /// <summary>Any that ever was made.</summary>
    Any,

    /// <summary>That of the slot which is running.</summary>
    Self,
}

internal sealed record Target(TargetKind Kind, int Number);

/// <summary>What a slot does on its first call, its second, ….</summary>
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
