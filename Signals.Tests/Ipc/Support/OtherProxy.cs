using Signals.Ipc;

namespace Signals.Tests.Ipc.Support;

/// <summary>A proxy for a service other than the Greeter.</summary>
internal sealed class OtherProxy() : ServiceProxy(OtherReflection.Descriptor.Services[0]);
