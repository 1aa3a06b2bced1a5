using System.Globalization;

namespace Signals.Ipc.Transport.Sockets;

/// <summary>The descriptors that a service manager has passed to a process. Thread-safe.</summary>
internal sealed class PassedSockets
{
    internal const string CountVariable = "LISTEN_FDS";
    internal const string ProcessVariable = "LISTEN_PID";
    internal const string NamesVariable = "LISTEN_FDNAMES";

    /// <summary>The name of a descriptor to which the service manager has given none.</summary>
    private const string Unnamed = "unknown";

    /// <summary>The first descriptor that a service manager passes: the one after those of the standard streams.</summary>
    private const int FirstDescriptor = 3;

    private static readonly Lazy<PassedSockets> LazyOfProcess = new(() => new PassedSockets(Environment.GetEnvironmentVariable, FirstDescriptor));

    private readonly PassedDescriptor[] _all = [];

    /// <summary>Opens the descriptors that the environment variables of a process announce.</summary>
    /// <param name="variable">The function that returns the value of an environment variable.</param>
    /// <param name="first">The first descriptor.</param>
    /// <exception cref="IpcException"><c>LISTEN_FDS</c> is not a number.</exception>
    internal PassedSockets(Func<string, string?> variable, int first)
    {
        if (!OperatingSystem.IsLinux() || variable(ProcessVariable) != Environment.ProcessId.ToString(CultureInfo.InvariantCulture))
        {
            return;
        }

        string? text = variable(CountVariable);
        if (!ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort count))
        {
            throw new IpcException($"The service manager has passed sockets, but {CountVariable} is \"{text}\", which is not a number of descriptors.");
        }

        string[] names = variable(NamesVariable)?.Split(':') ?? [];
        _all =
        [
            .. Enumerable
                .Range(0, count)
                .Select(index => PassedDescriptor.Open(first + index, index < names.Length && names[index].Length > 0 ? names[index] : Unnamed)),
        ];
    }

    /// <summary>Gets the descriptors that have been passed to this process.</summary>
    internal static PassedSockets OfProcess => LazyOfProcess.Value;

    /// <summary>Takes the sockets with a name, or all that a host can use, except those that were taken already.</summary>
    /// <exception cref="IpcException">A descriptor with the name cannot be used.</exception>
    internal IReadOnlyList<InheritedSocket> Take(string? name)
    {
        PassedDescriptor[] wanted = Array.FindAll(_all, passed => name is null ? passed.Problem is null : passed.Name == name);
        return Array.Find(wanted, passed => passed.Problem is not null) is { } unusable
            ? throw new IpcException($"The descriptor {unusable.Number} ({unusable.Name}), which the service manager has passed, {unusable.Problem}")
            : [.. wanted.Select(passed => passed.Take()).OfType<InheritedSocket>()];
    }
}
