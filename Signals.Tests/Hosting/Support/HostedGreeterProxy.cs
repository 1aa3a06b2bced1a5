namespace Signals.Tests.Hosting.Support;

/// <summary>A proxy that waits until it is connected.</summary>
internal sealed class HostedGreeterProxy : GreeterProxy, IGreeter
{
    public override Task<GreeterReplyMsg> SayHelloAsync(string name, CancellationToken cancellationToken = default) =>
        Calls.CallAsync(SayHello, new GreeterRequestMsg { Name = name }, new Ipc.CallOptions { WaitForReady = true }, cancellationToken);
}
