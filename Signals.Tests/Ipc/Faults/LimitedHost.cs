using System.Diagnostics;
using Signals.Ipc;
using Signals.Tests.Ipc.Support;

namespace Signals.Tests.Ipc.Faults;

/// <summary>The Greeter sample's host in a separate process with few descriptors. Disposing the object ends the process.</summary>
internal sealed class LimitedHost : IDisposable
{
    /// <summary>The number of bytes, in hexadecimal, after which the garbage collector runs.</summary>
    private const string BytesBetweenCollections = "10000";

    private readonly Process _process;

    internal LimitedHost(IpcEndpoint endpoint, int descriptors)
    {
        string program = typeof(global::Greeter.GreeterReflection).Assembly.Location;
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true };
        start.Environment["DOTNET_GCgen0size"] = BytesBetweenCollections;
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"ulimit -c 0; ulimit -n {descriptors} && exec dotnet \"$0\" \"$@\"");
        start.ArgumentList.Add(program);
        start.ArgumentList.Add("host");
        start.ArgumentList.Add("--socket");
        start.ArgumentList.Add(endpoint.ToString());
        _process = Process.Start(start)!;

        // Nobody reads what it says: it must not stop because of that.
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
    }

    internal bool HasExited => _process.HasExited;

    /// <summary>Gets the number of descriptors that the process has open. Throws if the process has ended, so that waits end.</summary>
    internal int DescriptorCount => Descriptors.LinksOf(_process.Id).Length;

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
