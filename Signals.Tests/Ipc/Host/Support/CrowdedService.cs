using Google.Protobuf.Reflection;
using Signals.Ipc;

namespace Signals.Tests.Ipc.Host;

/// <summary>A service with so many methods that their names need a large frame.</summary>
internal sealed class CrowdedService : Service
{
    internal CrowdedService()
        : base(Proto)
    {
        foreach (MethodDescriptor method in Proto.Methods)
        {
            Unary<OtherMsg, OtherMsg>((request, _) => request, method.Name);
        }
    }

    internal static ServiceDescriptor Proto => OtherReflection.Descriptor.FindTypeByName<ServiceDescriptor>("Crowded");
}
