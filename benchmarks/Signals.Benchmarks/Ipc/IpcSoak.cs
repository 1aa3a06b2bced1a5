using Signals.Ipc;

namespace Signals.Benchmarks.Ipc;

/// <summary>
/// Makes clients connect, call, watch and disconnect, some of them abruptly, and kills processes on either side during their work.
/// </summary>
internal sealed class IpcSoak : ISoakSubject
{
    private readonly IpcHost _host = new();
    private readonly string _folder;

    internal IpcSoak(string folder)
    {
        _folder = folder;
        _host.Expose(new EchoService());
        _host.Start(IpcEndpoint.Parse(Socket));
    }

    public bool IsIdle => _host.ClientCount == 0 && _host.ActiveCalls == 0;

    public string Remainder => $"The host has {_host.ClientCount} clients and {_host.ActiveCalls} active calls.";

    private string Socket => Path.Combine(_folder, "host");

    public async Task<string> WorkAsync(TimeSpan time)
    {
        var work = new SoakWork(Socket, Path.Combine(_folder, "victim"));
        await work.RunAsync(time);
        return work.ToString();
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
