using Signals.Ipc;
using Signals.Remote;

namespace Signals.Benchmarks.Remote;

/// <summary>The processes that the soak test of remote signals kills.</summary>
internal static class SoakPeers
{
    internal const string ExporterCommand = "remote-soak-exporter";
    internal const string ImporterCommand = "remote-soak-importer";

    /// <summary>Exports numbers until the input ends.</summary>
    internal static async Task<int> ExportAsync(string socket)
    {
        await using var host = new IpcHost();
        await using var numbers = new SoakNumbers(host);
        host.Start(IpcEndpoint.Parse(socket));
        Console.WriteLine("ready");
        await Console.In.ReadToEndAsync();
        return 0;
    }

    /// <summary>Imports numbers until the input ends, with slots that are sometimes slow.</summary>
    internal static async Task<int> ImportAsync(string socket)
    {
        await using var client = new IpcClient(IpcEndpoint.Parse(socket));
        client.Connect();
        RemoteSignal<long> plain = client.Import<long>(SoakNumbers.Plain);
        plain.Connect(static number => Thread.SpinWait((int)(number % 1000)));
        using IDisposable replayed = client.Import<long>(SoakNumbers.Replayed, new ImportOptions { KeepLive = true });
        await plain.WaitUntilLiveAsync();
        Console.WriteLine("ready");
        await Console.In.ReadToEndAsync();
        return 0;
    }
}
