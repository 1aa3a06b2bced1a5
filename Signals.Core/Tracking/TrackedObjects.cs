using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>The living signals, evaluators and imports of the process. Thread-safe. Used only if the tracker is supported.</summary>
internal static class TrackedObjects
{
    private static readonly ConditionalWeakTable<SignalBase, SignalRecord> AllSignals = [];
    private static readonly ConditionalWeakTable<ConnectionEvaluator, EvaluatorRecord> AllEvaluators = [];

    /// <summary>The entries of imports, each with its number. The imports keep them alive.</summary>
    private static readonly ConditionalWeakTable<TrackedImport, object> AllImports = [];

    /// <summary>The names of deferred slots in traces.</summary>
    private static readonly ConditionalWeakTable<DeferredSlot, string> SlotNames = [];

    private static long _lastId;

    /// <summary>Gets or sets the time by which ages are measured. Set by tests only.</summary>
    internal static TimeProvider Time { get; set; } = TimeProvider.System;

    internal static IEnumerable<KeyValuePair<SignalBase, SignalRecord>> Signals => AllSignals;

    internal static IEnumerable<KeyValuePair<ConnectionEvaluator, EvaluatorRecord>> Evaluators => AllEvaluators;

    internal static IEnumerable<KeyValuePair<TrackedImport, object>> Imports => AllImports;

    /// <summary>Adds a signal if the tracker is supported. Called by the constructor of the signal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void AddIfSupported(SignalBase signal, SignalOptions? options)
    {
        if (SignalTracker.IsSupported)
        {
            Add(signal, options);
        }
    }

    /// <summary>Adds a signal.</summary>
    /// <remarks>Not inlined, so that a constructor consists of the same instructions as before if the tracker is not supported.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Add(SignalBase signal, SignalOptions? options) =>
        AllSignals.Add(signal, new SignalRecord(NextId(), options?.Name, signal.TypeName, FindCreator()));

    /// <summary>Adds an evaluator. Called by its constructor.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Add(ConnectionEvaluator evaluator) =>
        AllEvaluators.Add(evaluator, new EvaluatorRecord(NextId(), evaluator.Name, TypeNames.Of(evaluator.GetType())));

    internal static void Add(TrackedImport import) => AllImports.Add(import, NextId());

    /// <summary>Returns the record of a signal.</summary>
    internal static SignalRecord RecordOf(SignalBase signal)
    {
        bool isKnown = AllSignals.TryGetValue(signal, out SignalRecord? record);
        Debug.Assert(isKnown, "The constructor of a signal adds it.");
        return record!;
    }

    /// <summary>Returns the record of an evaluator.</summary>
    internal static EvaluatorRecord RecordOf(ConnectionEvaluator evaluator)
    {
        bool isKnown = AllEvaluators.TryGetValue(evaluator, out EvaluatorRecord? record);
        Debug.Assert(isKnown, "The constructor of an evaluator adds it.");
        return record!;
    }

    /// <summary>Begins the slice of a deferred slot that the current thread runs, if a trace is active.</summary>
    internal static TraceScope BeginRun(DeferredSlot slot, ulong flow) =>
        TraceBuffer.OfThread() is { } buffer
            ? TraceScope.BeginRun(buffer, SlotNames.GetValue(slot, static unnamed => TypeNames.Of(unnamed.UserSlot)), RecordOf(slot.RunsOn!), flow)
            : default;

    /// <summary>Records the number of pending invocations of an evaluator, if a trace is active. Allocates no memory.</summary>
    internal static void CountPending(DeferredSlot slot, int pending) => TraceBuffer.Known?.Count(RecordOf(slot.RunsOn!), pending);

    private static long NextId() => Interlocked.Increment(ref _lastId);

    /// <summary>Returns the full name of the type whose code is creating a signal, or null if it is not known.</summary>
    private static string? FindCreator()
    {
        string? library = typeof(SignalTracker).Assembly.FullName;
        foreach (StackFrame frame in new StackTrace(fNeedFileInfo: false).GetFrames())
        {
            if (DiagnosticMethodInfo.Create(frame) is { DeclaringTypeName: { } type } method && method.DeclaringAssemblyName != library)
            {
                // Without the classes that the compiler generates for lambdas and asynchronous methods.
                int generated = type.IndexOf("+<", StringComparison.Ordinal);
                return generated < 0 ? type : type[..generated];
            }
        }

        return null;
    }
}
