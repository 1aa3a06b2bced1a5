using System.Reflection;

namespace Signals;

/// <summary>Reads the living objects. Runs no code of users.</summary>
internal static class SnapshotBuilder
{
    internal static SignalSnapshot Build()
    {
        var signals = new List<SignalInfo>();
        var connections = new List<ConnectionInfo>();
        foreach ((SignalBase signal, SignalRecord record) in TrackedObjects.Signals.OrderBy(static pair => pair.Value.Id))
        {
            if (!signal.IsDisposed)
            {
                Add(signal, record, signals, connections);
            }
        }

        return new SignalSnapshot
        {
            Time = TrackedObjects.Time.GetUtcNow(),
            Signals = signals,
            Connections = connections,
            Evaluators =
            [
                .. TrackedObjects
                    .Evaluators.Where(static pair => !pair.Key.IsDisposed)
                    .OrderBy(static pair => pair.Value.Id)
                    .Select(static pair => InfoOf(pair.Key, pair.Value)),
            ],
            Imports =
            [
                .. TrackedObjects
                    .Imports.Where(static pair => !pair.Key.IsEnded)
                    .Select(static pair => new ImportInfo((long)pair.Value, pair.Key.Name, pair.Key.State))
                    .OrderBy(static import => import.Id),
            ],
        };
    }

    private static void Add(SignalBase signal, SignalRecord record, List<SignalInfo> signals, List<ConnectionInfo> connections)
    {
        List<(GenIndex Index, Delegate Slot)> slots = signal.Snapshot();
        var info = new SignalInfo(record, slots.Count);
        signals.Add(info);
        var calls = new Dictionary<(MethodInfo Method, Reference Target), int>();
        foreach ((GenIndex index, Delegate called) in slots)
        {
            Delegate slot = TypeNames.UserSlot(called);
            object? target = TrackedConnection.TargetOf(called) is SlotAdapter adapter ? adapter.BoundTarget : slot.Target;
            var call = (slot.Method, new Reference(target));
            if (!calls.TryGetValue(call, out int number))
            {
                calls.Add(call, number = calls.Count);
            }

            connections.Add(InfoOf(info, (TrackedConnection)called.Target!, slot, target, new ConnectionHandle(signal, index), number));
        }
    }

    private static ConnectionInfo InfoOf(
        SignalInfo signal,
        TrackedConnection tracked,
        Delegate slot,
        object? target,
        ConnectionHandle connection,
        int callNumber
    )
    {
        var adapter = tracked.Slot.Target as SlotAdapter;
        return new ConnectionInfo
        {
            Signal = signal,
            Kind = TypeNames.Kind(tracked.Slot),
            Slot = TypeNames.Of(slot),
            TargetType = target is null ? null : NameOf(target.GetType()),
            IsWeak = adapter is ITargetSlot { IsWeak: true },
            IsBlocked = connection.IsBlocked,
            Group = tracked.Group,
            EvaluatorId = adapter?.RunsOn is { } evaluator ? TrackedObjects.RecordOf(evaluator).Id : null,
            TargetSignalId = adapter is { Kind: ConnectionKind.Chained } && target is SignalBase chained ? TrackedObjects.RecordOf(chained).Id : null,
            Age = tracked.Age,
            Emissions = tracked.Emissions,
            ThreadCount = tracked.ThreadCount,
            CallNumber = callNumber,
        };
    }

    private static EvaluatorInfo InfoOf(ConnectionEvaluator evaluator, EvaluatorRecord record) =>
        new()
        {
            Id = record.Id,
            Name = record.Name,
            TypeName = record.TypeName,
            DisplayName = record.DisplayName,
            PendingCount = evaluator.PendingCount,
            DroppedCount = evaluator.DroppedCount,
        };

    /// <summary>Returns the name of the type of a target, or null if it is the object that lambdas without captured variables share.</summary>
    private static string? NameOf(Type type)
    {
        if (type.Name == "<>c")
        {
            return null;
        }

        while (type.DeclaringType is { } outer && type.Name.StartsWith('<'))
        {
            type = outer;
        }

        return TypeNames.Of(type);
    }

    /// <summary>An object that is compared by its identity, so that no code of users runs.</summary>
    private readonly struct Reference(object? target) : IEquatable<Reference>
    {
        private readonly object? _target = target;

        public bool Equals(Reference other) => ReferenceEquals(_target, other._target);

        public override bool Equals(object? obj) => obj is Reference other && Equals(other);

        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(_target);
    }
}
