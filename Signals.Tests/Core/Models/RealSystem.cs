using System.Globalization;

namespace Signals.Tests.Core.Models;

/// <summary>System that runs programs with the library itself.</summary>
internal sealed class RealSystem : ISignalSystem, IDisposable
{
    private readonly RealSignal[] _signals;
    private readonly CountingEvaluator _evaluator;
    private readonly Signal<int> _stranger = new();
    private readonly Dictionary<int, ConnectionHandle> _handles = [];
    private readonly Dictionary<ConnectionHandle, int> _ids = [];

    internal RealSystem(SignalProgram program)
    {
        _evaluator = new CountingEvaluator(new ConnectionEvaluatorOptions { Capacity = program.Capacity, FullMode = program.FullMode });
        SignalOptions? options = program.Policy switch
        {
            FailurePolicy.RunAllThenThrow => null,
            FailurePolicy.StopAtFirst => new SignalOptions { ExceptionPolicy = SlotExceptionPolicy.StopAtFirst },
            _ => new SignalOptions { ExceptionHandler = (exception, handle) => OnFailure(exception, _ids[handle]) },
        };
        RealSignal[] signals =
        [
            new RealSignal<int>(options, _evaluator, value => value, value => value),
            new RealSignal<string>(
                options,
                _evaluator,
                value => value.ToString(CultureInfo.InvariantCulture),
                value => int.Parse(value, CultureInfo.InvariantCulture)
            ),
        ];
        _signals = signals[..program.SignalCount];
    }

    public Action<Exception, int> OnFailure { get; set; } = (_, _) => { };

    public int PendingCount => _evaluator.PendingCount;

    public long DroppedCount => _evaluator.DroppedCount;

    public int AddedCount => _evaluator.AddedCount;

    public bool IsEvaluatorDisposed => _evaluator.IsDisposed;

    /// <summary>Gets the signals, for inspection of their storage.</summary>
    internal IEnumerable<SignalBase> Signals => _signals.Select(signal => signal.Base);

    /// <summary>Gets all handles that were ever returned.</summary>
    internal IEnumerable<ConnectionHandle> Handles => _handles.Values;

    public void Connect(int signal, SlotKind kind, int id, Action<int> body)
    {
        ConnectionHandle handle = _signals[signal].Connect(kind, body);

        // Throws if a handle was returned before: handles of ended connections stay inactive forever (S9).
        _ids.Add(handle, id);
        _handles.Add(id, handle);
    }

    public void Disconnect(int id, bool throughSignal)
    {
        ConnectionHandle handle = _handles[id];
        if (throughSignal)
        {
            handle.Signal!.Disconnect(handle);
        }
        else
        {
            handle.Disconnect();
        }
    }

    public void DisconnectWrongly(int id) => _stranger.Disconnect(_handles[id]);

    public bool Block(int id, bool blocked, bool throughSignal)
    {
        ConnectionHandle handle = _handles[id];
        return throughSignal ? handle.Signal!.BlockConnection(handle, blocked) : handle.Block(blocked);
    }

    public bool IsActive(int id)
    {
        ConnectionHandle handle = _handles[id];
        return handle.BelongsTo(handle.Signal!) && handle.IsActive;
    }

    public bool IsBlocked(int id) => _handles[id].IsBlocked;

    public void DisconnectAll(int signal) => _signals[signal].Base.DisconnectAll();

    public void TrimExcess(int signal) => _signals[signal].Base.TrimExcess();

    public void Emit(int signal, int value) => _signals[signal].Emit(value);

    public void EmitWhileBlocked(int id, int signal, int value)
    {
        using var blocker = new ConnectionBlocker(_handles[id]);
        Emit(signal, value);
    }

    public void DisposeSignal(int signal) => _signals[signal].Base.Dispose();

    public int ConnectionCount(int signal) => _signals[signal].Base.ConnectionCount;

    public bool IsDisposed(int signal) => _signals[signal].Base.IsDisposed;

    public int Evaluate() => _evaluator.EvaluateDeferredConnections();

    public void DisposeEvaluator() => _evaluator.Dispose();

    public void Dispose()
    {
        Array.ForEach(_signals, signal => signal.Base.Dispose());
        _evaluator.Dispose();
        _stranger.Dispose();
    }

    private sealed class CountingEvaluator(ConnectionEvaluatorOptions options) : ConnectionEvaluator(options)
    {
        internal int AddedCount { get; private set; }

        protected override void OnInvocationAdded() => AddedCount++;
    }
}
