using System.Globalization;
using System.Text;

namespace Signals;

/// <summary>Draws a snapshot as a graph. Each language is a class that overrides the members that write a node and an arrow.</summary>
internal abstract class SnapshotGraph
{
    private protected StringBuilder Text { get; } = new();

    internal string Draw(SignalSnapshot snapshot)
    {
        Begin();
        var signals = new HashSet<long>();
        foreach (SignalInfo signal in snapshot.Signals)
        {
            signals.Add(signal.Id);
            Node(Id('s', signal.Id), NodeShape.Signal, $"{signal.DisplayName}\n{signal.TypeName}");
        }

        var evaluators = new HashSet<long>();
        foreach (EvaluatorInfo evaluator in snapshot.Evaluators)
        {
            evaluators.Add(evaluator.Id);
            Node(
                Id('e', evaluator.Id),
                NodeShape.Evaluator,
                string.Create(CultureInfo.InvariantCulture, $"{evaluator.DisplayName}\n{evaluator.PendingCount} pending, {evaluator.DroppedCount} dropped")
            );
        }

        foreach (ImportInfo import in snapshot.Imports)
        {
            Node(Id('i', import.Id), NodeShape.Import, $"{import.Name}\n{import.State}");
            foreach (SignalInfo signal in snapshot.Signals.Where(signal => signal.Name == import.Name))
            {
                Arrow(Id('i', import.Id), Id('s', signal.Id), "import", isDotted: false);
            }
        }

        for (int i = 0; i < snapshot.Connections.Count; i++)
        {
            Draw(snapshot.Connections[i], Id('c', i), signals, evaluators);
        }

        End();
        return Text.ToString();
    }

    private protected abstract void Begin();

    /// <summary>Writes a node.</summary>
    /// <param name="id">Its identifier: a letter and digits.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="label">Its label, which is not escaped and may have several lines.</param>
    private protected abstract void Node(string id, NodeShape shape, string label);

    private protected abstract void Arrow(string from, string to, string label, bool isDotted);

    private protected abstract void End();

    private static string Id(char kind, long number) => string.Create(CultureInfo.InvariantCulture, $"{kind}{number}");

    private void Draw(ConnectionInfo connection, string id, HashSet<long> signals, HashSet<long> evaluators)
    {
        string from = Id('s', connection.Signal.Id);
        string label = string.Create(
            CultureInfo.InvariantCulture,
            $"{connection.Kind}{(connection.IsBlocked ? ", blocked" : "")}, {connection.Emissions} emission{(connection.Emissions == 1 ? "" : "s")}"
        );
        if (connection.TargetSignalId is { } chained && signals.Contains(chained))
        {
            Arrow(from, Id('s', chained), label, isDotted: false);
            return;
        }

        Node(id, NodeShape.Slot, connection.Slot);
        Arrow(from, id, label, isDotted: false);
        if (connection.EvaluatorId is { } evaluator && evaluators.Contains(evaluator))
        {
            Arrow(id, Id('e', evaluator), "runs on", isDotted: true);
        }
    }
}
