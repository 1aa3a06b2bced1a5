namespace Signals.Tests.Hosting.Support;

/// <summary>The calls of a proxy, as a caller asks for them.</summary>
internal interface IGreeter
{
    Task<GreeterReplyMsg> SayHelloAsync(string name, CancellationToken cancellationToken = default);
}
