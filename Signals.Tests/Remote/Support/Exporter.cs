using Signals.Remote;

namespace Signals.Tests.Remote;

/// <summary>An exchange that only exports, for tests that serve the importers themselves.</summary>
internal sealed class Exporter(RemoteExports exports) : ISignalExporter
{
    public RemoteExports Exports => exports;
}
