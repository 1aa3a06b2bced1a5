namespace Signals.Tests.Core.Models;

/// <summary>
/// What a program is run against: the library, or the naive model of its contract. Connections go by the number that the runner gave them.
/// </summary>
internal interface ISignalSystem
{
    /// <summary>Takes what slots throw, where the program's policy has a handler.</summary>
    Action<Exception, int> OnFailure { get; set; }

    int PendingCount { get; }
    long DroppedCount { get; }

    /// <summary>How often the evaluator was told of an invocation.</summary>
    int AddedCount { get; }

    bool IsEvaluatorDisposed { get; }
    void Connect(int signal, SlotKind kind, int id, Action<int> body);
    void Disconnect(int id, bool throughSignal);
    void DisconnectWrongly(int id);
    bool Block(int id, bool blocked, bool throughSignal);
    bool IsActive(int id);
    bool IsBlocked(int id);
    void DisconnectAll(int signal);
    void TrimExcess(int signal);
    void Emit(int signal, int value);
    void EmitWhileBlocked(int id, int signal, int value);
    void DisposeSignal(int signal);
    int ConnectionCount(int signal);
    bool IsDisposed(int signal);
    int Evaluate();
    void DisposeEvaluator();
}
