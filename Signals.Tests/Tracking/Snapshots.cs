namespace Signals.Tests.Tracking;

/// <summary>Finds the objects of a test in a snapshot of the whole process.</summary>
internal static class Snapshots
{
    internal static SignalInfo Signal(this SignalSnapshot snapshot, string name) => snapshot.Signals.Single(signal => signal.Name == name);

    internal static ConnectionInfo[] ConnectionsOf(this SignalSnapshot snapshot, string name) =>
        [.. snapshot.Connections.Where(connection => connection.Signal.Name == name)];

    internal static ConnectionInfo ConnectionOf(this SignalSnapshot snapshot, string name) => snapshot.ConnectionsOf(name).Single();

    internal static SignalFinding[] FindOf(this SignalSnapshot snapshot, string name, SignalFindingOptions? options = null) =>
        [.. snapshot.Find(options).Where(finding => finding.Connections[0].Signal.Name == name)];
}
