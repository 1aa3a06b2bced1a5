using Signals.Remote;

namespace Signals.Tests.RemotePeer;

/// <summary>A signal and a property of an exporter: the numbers from zero on, and the number of the last emission.</summary>
internal sealed class Numbers : IDisposable
{
    private readonly Signal<long> _numbers = new();
    private readonly Property<long> _last = new(-1);
    private long _next;

    internal Numbers(ISignalExporter exporter)
    {
        exporter.Export("numbers", _numbers);
        exporter.Export("last", _last);
    }

    /// <summary>Runs the command <c>emit COUNT</c>.</summary>
    internal Task<string> RunAsync(string command, long argument)
    {
        if (command != "emit")
        {
            throw new ArgumentException($"The command {command} does not exist.", nameof(command));
        }

        for (long end = _next + argument; _next < end; _next++)
        {
            _numbers.Emit(_next);
        }

        _last.Value = _next - 1;
        return Task.FromResult($"{_next}");
    }

    public void Dispose() => _numbers.Dispose();
}
