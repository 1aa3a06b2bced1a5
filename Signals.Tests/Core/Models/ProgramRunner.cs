namespace Signals.Tests.Core.Models;

/// <summary>Runs the steps of a program on one system and records the events.</summary>
internal sealed class ProgramRunner
{
    private const int MostNested = 5;

    /// <summary>Limit beyond which no emission starts, so that programs whose slots emit come to an end.</summary>
    private const int MostCalls = 10_000;

    private readonly SignalProgram _program;

    /// <summary>Number of active emissions.</summary>
    private int _emissions;

    /// <summary>Number of active evaluations, including those that return immediately.</summary>
    private int _evaluations;

    private int _calls;

    internal ProgramRunner(SignalProgram program, ISignalSystem system)
    {
        _program = program;
        System = system;
        System.OnFailure = OnFailure;
    }

    internal ISignalSystem System { get; }

    /// <summary>Gets the events since the list was last cleared.</summary>
    internal List<TraceEntry> Trace { get; } = [];

    /// <summary>Gets the number of connections that have been made.</summary>
    internal int ConnectionsMade { get; private set; }

    /// <summary>
    /// Gets or sets the delegate that is called with the number of active emissions after each step, including the steps of a slot's
    /// script.
    /// </summary>
    internal Action<int>? StepDone { get; init; }

    /// <summary>Runs a step of the program itself.</summary>
    internal void Execute(Step step)
    {
        try
        {
            Perform(step, self: null);
        }
        catch (Exception exception) when (exception is ScriptException or AggregateException)
        {
            Note($"thrown {Describe(exception)}");
        }
    }

    private static string Describe(Exception exception) =>
        exception switch
        {
            ScriptException => exception.Message,
            AggregateException aggregate => $"[{string.Join(", ", aggregate.InnerExceptions.Select(Describe))}]",
            _ => exception.GetType().Name,
        };

    private void Perform(Step step, int? self)
    {
        switch (step)
        {
            case Step.Connect connect:
                Connect(connect.Signal, connect.Kind, connect.Script);
                break;
            case Step.ConnectMany many:
                for (int i = 0; i < many.Count; i++)
                {
                    Connect(many.Signal, many.Kind, Script.Empty);
                }

                break;
            case Step.Disconnect disconnect when Find(disconnect.Target, self) is { } id:
                System.Disconnect(id, disconnect.ThroughSignal);
                break;
            case Step.DisconnectMany many:
                DisconnectMany(many.First, many.Stride, many.Count);
                break;
            case Step.DisconnectAllBut all:
                DisconnectMany(all.First, all.Stride, Live().Count - all.Left);
                break;
            case Step.DisconnectWrongly wrong when Find(wrong.Target, self) is { } id:
                Attempt("disconnect wrongly", id, () => System.DisconnectWrongly(id));
                break;
            case Step.Block block when Find(block.Target, self) is { } id:
                Attempt("block", id, () => Note("was blocked", id, System.Block(id, block.Blocked, block.ThroughSignal) ? 1 : 0));
                break;
            case Step.DisconnectAll all:
                System.DisconnectAll(all.Signal);
                break;
            case Step.TrimExcess trim:
                System.TrimExcess(trim.Signal);
                break;
            case Step.Emit emit when MayEmit(emit.Signal):
                Emitting(() => System.Emit(emit.Signal, emit.Value));
                break;
            case Step.EmitWhileBlocked emit when MayEmit(emit.Signal) && Find(emit.Target, self) is { } id:
                Attempt("block for a time", id, () => Emitting(() => System.EmitWhileBlocked(id, emit.Signal, emit.Value)));
                break;
            case Step.Probe probe when Find(probe.Target, self) is { } id:
                Probe(id);
                break;
            case Step.Throw:
                throw new ScriptException($"slot {self} at call {_calls}");
            case Step.Dispose dispose:
                System.DisposeSignal(dispose.Signal);
                break;
            case Step.Evaluate:
                Evaluate();
                break;
            case Step.DisposeEvaluator:
                System.DisposeEvaluator();
                break;
        }

        StepDone?.Invoke(_emissions);
    }

    private void Connect(int signal, SlotKind kind, Script script)
    {
        int id = ConnectionsMade;
        int calls = 0;
        Attempt(
            "connect",
            id,
            () =>
            {
                System.Connect(signal, kind, id, value => Called(id, value, ++calls, script));
                ConnectionsMade++;
            }
        );
    }

    private void DisconnectMany(int first, int stride, int count)
    {
        List<int> live = Live();
        for (int i = 0; i < count && live.Count > 0; i++)
        {
            int place = (first + (i * stride)) % live.Count;
            System.Disconnect(live[place], throughSignal: false);
            live.RemoveAt(place);
        }
    }

    private void Called(int id, int value, int call, Script script)
    {
        _calls++;
        Note("called", id, value);
        foreach (ScriptLine line in script.Lines)
        {
            if (line.Call == call)
            {
                Perform(line.Step, id);
            }
        }
    }

    private void Emitting(Action emit)
    {
        _emissions++;
        try
        {
            emit();
        }
        finally
        {
            _emissions--;
        }
    }

    private void Evaluate()
    {
        _evaluations++;
        try
        {
            Note("evaluated", value: System.Evaluate());
        }
        finally
        {
            _evaluations--;
        }
    }

    /// <summary>
    /// Determines whether an emission is possible: it must not exceed the limit, and must not wait for room, which no other thread would
    /// make.
    /// </summary>
    private bool MayEmit(int signal)
    {
        if (_emissions >= MostNested || _calls >= MostCalls)
        {
            return false;
        }

        return _program is not { Capacity: { } capacity, FullMode: global::System.Threading.Channels.BoundedChannelFullMode.Wait }
            || (_emissions == 0 && (_evaluations > 0 || System.PendingCount + System.ConnectionCount(signal) <= capacity));
    }

    private void OnFailure(Exception exception, int id)
    {
        Note($"handled {Describe(exception)}", id);
        if (_program.Policy == FailurePolicy.ThrowingHandler && id % 2 == 0)
        {
            throw new ScriptException($"handler for slot {id}");
        }
    }

    private void Probe(int id)
    {
        Note("active", id, System.IsActive(id) ? 1 : 0);
        Note("blocked", id, System.IsBlocked(id) ? 1 : 0);
        Note("pending", value: System.PendingCount);
        for (int signal = 0; signal < _program.SignalCount; signal++)
        {
            Note("connections", signal, System.ConnectionCount(signal));
        }
    }

    private int? Find(Target target, int? self)
    {
        if (target.Kind == TargetKind.Self)
        {
            return self;
        }

        if (target.Kind == TargetKind.Any)
        {
            return ConnectionsMade == 0 ? null : target.Number % ConnectionsMade;
        }

        List<int> live = Live();
        return live.Count == 0 ? null : live[target.Number % live.Count];
    }

    private List<int> Live() => [.. Enumerable.Range(0, ConnectionsMade).Where(System.IsActive)];

    /// <summary>Runs an operation that may be rejected, and records the exception.</summary>
    private void Attempt(string what, int id, Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            Note($"{what}: {exception.GetType().Name}", id);
        }
    }

    private void Note(string what, int id = -1, int value = 0) => Trace.Add(new TraceEntry(what, id, value));
}

/// <summary>Event of a connection or a signal.</summary>
internal readonly record struct TraceEntry(string What, int Id, int Value);
