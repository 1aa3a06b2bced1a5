using Google.Protobuf;
using Google.Protobuf.Reflection;
using Signals.Ipc;

namespace Signals.Tests.Ipc.Calls;

/// <summary>A service without methods, of any name.</summary>
internal sealed class NamedService(string name) : Service(Describe(name))
{
    private static ServiceDescriptor Describe(string name)
    {
        var file = new FileDescriptorProto { Name = $"{name}.proto" };
        file.Service.Add(new ServiceDescriptorProto { Name = name });
        return FileDescriptor.BuildFromByteStrings([file.ToByteString()])[0].Services[0];
    }
}
