using System.Runtime.ExceptionServices;
using System.Threading.Channels;

namespace Signals.Tests.Core.Models;

/// <summary>
/// Simplest possible implementation of the contract, S1–S9 and S12, E1–E6, E8 and E9: lists that are copied for each emission.
/// </summary>
internal sealed class NaiveSystem(SignalProgram program) : ISignalSystem
{
    private readonly NaiveSignal[] _signals = [.. Enumerable.Range(0, program.SignalCount).Select(_ => new NaiveSignal())];
    private readonly Dictionary<int, Connection> _connections = [];
    private readonly List<Invocation> _queue = [];
    private readonly Queue<Invocation> _round = new();
    private bool _evaluating;

    public Action<Exception, int> OnFailure { get; set; } = (_, _) => { };

    public int PendingCount => _queue.Count + _round.Count(invocation => invocation.Connection.IsLive);

    public long DroppedCount { get; private set; }

    public int AddedCount { get; private set; }

    public bool IsEvaluatorDisposed { get; private set; }

    public void Connect(int signal, SlotKind kind, int id, Action<int> body)
    {
        ObjectDisposedException.ThrowIf(_signals[signal].IsDisposed || (IsDeferred(kind) && IsEvaluatorDisposed), this);
        var connection = new Connection(_signals[signal], kind, id, body);
        _connections.Add(id, connection);
        connection.Signal.Connections.Add(connection);
    }

    public void Disconnect(int id, bool throughSignal) => End(_connections[id]);

    public void DisconnectWrongly(int id) => throw new ArgumentException(null);

    public bool Block(int id, bool blocked, bool throughSignal)
    {
        Connection connection = _connections[id];
        if (!connection.IsLive)
        {
            throw new InvalidOperationException();
        }

        bool before = connection.IsBlocked;
        connection.IsBlocked = blocked;
        return before;
    }

    public bool IsActive(int id) => _connections[id].IsLive;

    public bool IsBlocked(int id) => _connections[id] is { IsLive: true, IsBlocked: true };

    public void DisconnectAll(int signal)
    {
        foreach (Connection connection in _signals[signal].Connections.ToArray())
        {
            End(connection);
        }
    }

    public void TrimExcess(int signal) { }

    public void Emit(int signal, int value)
    {
        List<Exception> failures = [];
        foreach (Connection connection in _signals[signal].Connections.ToArray())
        {
            if (connection is not { IsLive: true, IsBlocked: false })
            {
                continue;
            }

            if (IsDeferred(connection.Kind))
            {
                Enqueue(connection, value);
                continue;
            }

            if (connection.Kind == SlotKind.SingleShot)
            {
                End(connection);
            }

            Call(connection, value, failures, stopAtFirst: program.Policy == FailurePolicy.StopAtFirst);
        }

        Rethrow(failures);
    }

    public void EmitWhileBlocked(int id, int signal, int value)
    {
        bool before = Block(id, blocked: true, throughSignal: false);
        try
        {
            Emit(signal, value);
        }
        finally
        {
            _connections[id].IsBlocked = before;
        }
    }

    public void DisposeSignal(int signal)
    {
        DisconnectAll(signal);
        _signals[signal].IsDisposed = true;
    }

    public int ConnectionCount(int signal) => _signals[signal].Connections.Count;

    public bool IsDisposed(int signal) => _signals[signal].IsDisposed;

    public int Evaluate()
    {
        if (_evaluating)
        {
            return 0;
        }

        _evaluating = true;
        _queue.ForEach(_round.Enqueue);
        _queue.Clear();
        int run = 0;
        List<Exception> failures = [];
        while (_round.TryDequeue(out Invocation? invocation))
        {
            Connection connection = invocation.Connection;
            if (!connection.IsLive)
            {
                continue;
            }

            if (connection.Kind == SlotKind.DeferredSingleShot)
            {
                End(connection);
            }

            run++;
            Call(connection, invocation.Value, failures, stopAtFirst: false);
        }

        _evaluating = false;
        Rethrow(failures);
        return run;
    }

    public void DisposeEvaluator()
    {
        IsEvaluatorDisposed = true;
        foreach (Connection connection in _connections.Values.Where(connection => IsDeferred(connection.Kind)))
        {
            End(connection);
        }
    }

    private static bool IsDeferred(SlotKind kind) => kind >= SlotKind.Deferred;

    private static void Rethrow(List<Exception> failures)
    {
        if (failures.Count == 1)
        {
            ExceptionDispatchInfo.Throw(failures[0]);
        }

        if (failures.Count > 1)
        {
            throw new AggregateException(failures);
        }
    }

    private void Call(Connection connection, int value, List<Exception> failures, bool stopAtFirst)
    {
        try
        {
            connection.Body(connection.Kind == SlotKind.ArgumentDropping ? 0 : value);
        }
        catch (Exception exception) when (!stopAtFirst)
        {
            if (program.Policy is not (FailurePolicy.Handler or FailurePolicy.ThrowingHandler))
            {
                failures.Add(exception);
                return;
            }

            try
            {
                OnFailure(exception, connection.Id);
            }
            catch (ScriptException ofHandler)
            {
                failures.Add(ofHandler);
            }
        }
    }

    private void Enqueue(Connection connection, int value)
    {
        if (connection.IsShot)
        {
            return;
        }

        if (connection.Kind == SlotKind.DeferredLatest && _queue.Find(waiting => waiting.Connection == connection) is { } waiting)
        {
            waiting.Value = value;
            DroppedCount++;
            return;
        }

        if (_queue.Count >= (program.Capacity ?? int.MaxValue) && program.FullMode != BoundedChannelFullMode.Wait)
        {
            DroppedCount++;
            if (program.FullMode == BoundedChannelFullMode.DropWrite)
            {
                return;
            }

            Invocation victim = program.FullMode == BoundedChannelFullMode.DropNewest ? _queue[^1] : _queue[0];
            victim.Connection.IsShot = false;
            _queue.Remove(victim);
        }

        _queue.Add(new Invocation(connection, value));
        connection.IsShot = connection.Kind == SlotKind.DeferredSingleShot;
        AddedCount++;
    }

    private void End(Connection connection)
    {
        connection.IsLive = false;
        connection.Signal.Connections.Remove(connection);
        _queue.RemoveAll(invocation => invocation.Connection == connection);
    }

    private sealed class NaiveSignal
    {
        internal List<Connection> Connections { get; } = [];

        internal bool IsDisposed { get; set; }
    }

    private sealed class Connection(NaiveSignal signal, SlotKind kind, int id, Action<int> body)
    {
        internal NaiveSignal Signal => signal;

        internal SlotKind Kind => kind;

        internal int Id => id;

        internal Action<int> Body => body;

        internal bool IsLive { get; set; } = true;

        internal bool IsBlocked { get; set; }

        internal bool IsShot { get; set; }
    }

    private sealed class Invocation(Connection connection, int value)
    {
        internal Connection Connection => connection;

        internal int Value { get; set; } = value;
    }
}
