using Google.Protobuf.Reflection;
using Signals.Ipc;

namespace Signals.Tests.Ipc.Host;

/// <summary>A service that returns its request.</summary>
internal sealed class OtherService : Service
{
    internal OtherService()
        : base(Proto) => Unary<OtherMsg, OtherMsg>(PingAsync);

    internal static ServiceDescriptor Proto => OtherReflection.Descriptor.FindTypeByName<ServiceDescriptor>("Other");

    private static Task<OtherMsg> PingAsync(OtherMsg request, CallContext context) => Task.FromResult(request);
}
