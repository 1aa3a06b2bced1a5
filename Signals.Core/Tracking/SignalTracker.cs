using System.Diagnostics.CodeAnalysis;

namespace Signals;

/// <summary>
/// Shows the signals, connections, evaluators and imports of the process. It is off by default and then costs nothing: set the MSBuild property
/// <c>SignalTrackerSupport</c> to <c>true</c> in the project of the program.
/// </summary>
/// <remarks>
/// <para>The tracker keeps no object alive and runs no code of users. While it is supported, each signal and each connection needs more memory and
/// each call of a slot takes some tens of nanoseconds longer.</para>
/// <para>All members are thread-safe.</para>
/// </remarks>
public static class SignalTracker
{
    private const string SwitchName = "Signals.SignalTracker.IsSupported";

    /// <summary>
    /// Gets a value that indicates whether the tracker is supported in this process: the value of the <see cref="AppContext"/> switch
    /// <c>Signals.SignalTracker.IsSupported</c> when it was first read. The MSBuild property <c>SignalTrackerSupport</c> sets the switch. The default
    /// is <see langword="false"/>.
    /// </summary>
    [FeatureSwitchDefinition(SwitchName)]
    public static bool IsSupported { get; } = AppContext.TryGetSwitch(SwitchName, out bool isOn) && isOn;

    /// <summary>Returns a picture of the signals, connections, evaluators and imports that exist.</summary>
    /// <remarks>
    /// The signals are read one after the other while other threads continue, so the picture of each signal is consistent in itself, but not with that
    /// of another. Signals that have been disposed are left out.
    /// </remarks>
    /// <returns>The picture, which consists of numbers and text only and keeps no object of the program alive.</returns>
    /// <exception cref="InvalidOperationException">The tracker is not supported in this process: see <see cref="IsSupported"/>.</exception>
    public static SignalSnapshot Snapshot()
    {
        ThrowIfUnsupported();
        return SnapshotBuilder.Build();
    }

    /// <summary>
    /// Adds the import of a signal of another process to the snapshots. For libraries that connect processes; check <see cref="IsSupported"/> first.
    /// </summary>
    /// <param name="name">The name under which the signal is imported.</param>
    /// <returns>The entry, which is in the snapshots until it is disposed or collected: the import keeps it alive.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The tracker is not supported in this process: see <see cref="IsSupported"/>.</exception>
    public static TrackedImport TrackImport(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        ThrowIfUnsupported();
        var import = new TrackedImport(name);
        TrackedObjects.Add(import);
        return import;
    }

    /// <summary>Throws if the switch is off.</summary>
    /// <exception cref="InvalidOperationException">The tracker is not supported in this process.</exception>
    internal static void ThrowIfUnsupported()
    {
        if (!IsSupported)
        {
            throw new InvalidOperationException(
                "The tracker of signals is off in this process. Set the property SignalTrackerSupport to true in the project of the program, "
                    + $"or the AppContext switch {SwitchName} to true before the first signal is created."
            );
        }
    }
}
