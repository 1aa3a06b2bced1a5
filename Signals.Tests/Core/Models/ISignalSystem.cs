namespace Signals.Tests.Core.Models;

/// <summary>
/// System under test of a program: the library, or the naive model of its contract. Connections are identified by the numbers that the
/// runner assigned.
/// </summary>
internal interface ISignalSystem
{
    /// <summary>Gets or sets the handler for exceptions of slots, which is used if the program's policy has a handler.</summary>
    Action<Exception, int> OnFailure { get; set; }

    int PendingCount { get; }
    long DroppedCount { get; }

    /// <summary>Gets the number of times that the evaluator was notified of an invocation.</summary>
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
