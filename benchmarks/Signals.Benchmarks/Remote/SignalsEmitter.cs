using Signals.Ipc;
using Signals.Remote;

namespace Signals.Benchmarks.Remote;

/// <summary>A host that exports a signal, and has a server stream beside it.</summary>
internal sealed class SignalsEmitter : IEmitter
{
    internal const string Name = "values";

    /// <summary>The capacity of the queue. The emitting loop stays within it, so that nothing is dropped.</summary>
    private const int Capacity = 8192;

    private readonly IpcHost _host = new();
    private readonly Signal<Guid> _signal = new();
    private readonly Signal<Guid>[] _many = [.. Enumerable.Range(0, ManyNames).Select(static _ => new Signal<Guid>())];

    internal SignalsEmitter(string path)
    {
        _host.Expose(new Ipc.EchoService());
        _host.Export(Name, _signal, new ExportOptions { Capacity = Capacity });
        for (int i = 0; i < ManyNames; i++)
        {
            _host.Export(NameOf(i), _many[i]);
        }

        _host.Start(IpcEndpoint.Parse(path));
    }

    /// <summary>Gets the number of further signals.</summary>
    internal static int ManyNames => 1000;

    internal static string NameOf(int number) => $"many.{number}";

    public ValueTask EmitAsync(StampedValue value, bool isLast)
    {
        _signal.Emit(value.ToGuid());
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _signal.Dispose();
        Array.ForEach(_many, static signal => signal.Dispose());
    }
}
