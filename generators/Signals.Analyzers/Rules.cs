using Microsoft.CodeAnalysis;

namespace Signals.Analyzers;

/// <summary>The diagnostics of the analyzers. docs/analyzers.md describes them.</summary>
internal static class Rules
{
    internal const string AsyncSlotId = "SIG001";
    internal const string IgnoredHandleId = "SIG002";
    internal const string UndisposedOwnerId = "SIG003";
    internal const string CapturingSlotId = "SIG004";
    internal const string PublicSignalId = "SIG005";
    internal const string BlockingSlotId = "SIG006";
    internal const string ComputationId = "SIG007";
    internal const string DroppedTaskId = "SIG008";
    internal const string UnkeptEvaluatorId = "SIG009";

    internal static readonly DiagnosticDescriptor AsyncSlot = Warning(
        AsyncSlotId,
        "A slot is async void",
        "The slot of '{0}' is async void: it cannot be awaited or canceled, and its exceptions end the process. Use '{1}'.",
        "An async lambda that becomes an Action is an async void method. ConnectAsync takes a slot that returns a ValueTask and receives a token."
    );

    internal static readonly DiagnosticDescriptor IgnoredHandle = Info(
        IgnoredHandleId,
        "The handle of a connection is ignored",
        "The connection keeps the objects that its slot captures alive for as long as the signal lives: keep its handle and disconnect it, or connect weakly",
        "A signal keeps the objects that its slots have captured alive until the connection or the signal ends."
    );

    internal static readonly DiagnosticDescriptor UndisposedOwner = Warning(
        UndisposedOwnerId,
        "The owner of a connection is never disposed",
        "'{0}' is never disposed, so it does not end what it owns",
        "ScopedConnection, ConnectionGroup and ConnectionBlocker act when they are disposed. They have no finalizers."
    );

    internal static readonly DiagnosticDescriptor CapturingSlot = Warning(
        CapturingSlotId,
        "The slot of a weak connection, or of one with a state, captures",
        "The slot of '{0}' captures '{1}', {2}: use the first argument of the slot and make it static",
        "What a slot captures is kept alive by the connection and costs a closure. The target or the state is passed to the slot so that it need not capture."
    );

    internal static readonly DiagnosticDescriptor PublicSignal = Warning(
        PublicSignalId,
        "A signal is a public member",
        "'{0}' lets other classes emit and dispose the signal: publish it as '{1}'",
        "A class keeps its Signal private and publishes it as ISignal, which allows other classes only to connect."
    );

    internal static readonly DiagnosticDescriptor BlockingSlot = Warning(
        BlockingSlotId,
        "A slot blocks its thread",
        "'{0}' blocks the thread that emits or evaluates: use an asynchronous slot and await, or move the work to another thread",
        "While a slot blocks, the emission or the evaluator that runs it waits, and all later slots are delayed. Slots that wait for each other deadlock."
    );

    internal static readonly DiagnosticDescriptor AsyncComputation = Warning(
        ComputationId,
        "A computation is async or sets a property",
        "{0} must not be async: what it reads after its first await is not tracked",
        ComputationDescription
    );

    internal static readonly DiagnosticDescriptor WritingComputation = Warning(
        ComputationId,
        "A computation is async or sets a property",
        "A computation must not change '{0}': set it in an effect, or compute its value",
        ComputationDescription
    );

    internal static readonly DiagnosticDescriptor DroppedTask = Warning(
        DroppedTaskId,
        "A task is dropped",
        "The task of '{0}' is dropped, so its exceptions are lost and its completion is not observed: await it",
        "If a task is dropped, the caller does not learn that the operation has failed or ended."
    );

    internal static readonly DiagnosticDescriptor UnkeptEvaluator = Info(
        UnkeptEvaluatorId,
        "Nothing keeps the evaluator of a connection",
        "No code keeps the evaluator, so it can be neither evaluated nor disposed",
        "An evaluator that only connections refer to is never disposed, and runs no slots unless it has a thread of its own or uses the thread pool."
    );

    private const string ComputationDescription =
        "A property tracks what its computation reads before it returns. Setting a property inside a computation throws PropertyCycleException.";

    private const string Category = "Signals";

    private static DiagnosticDescriptor Warning(string id, string title, string message, string description) =>
        new(id, title, message, Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, description);

    private static DiagnosticDescriptor Info(string id, string title, string message, string description) =>
        new(id, title, message, Category, DiagnosticSeverity.Info, isEnabledByDefault: true, description);
}
