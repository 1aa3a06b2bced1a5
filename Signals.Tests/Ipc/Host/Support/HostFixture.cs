using Signals.Ipc;

namespace Signals.Tests.Ipc.Host;

/// <summary>Tests of a host over one kind of transport.</summary>
internal abstract class HostFixture(Medium medium)
{
    /// <summary>Starts a host, which the test disposes.</summary>
    protected TestHost Serve(Service? service = null, IpcHostOptions? options = null) => new(service, options, medium);
}
