using Google.Protobuf;
using Signals.Ipc.Wire;

namespace Signals.Tests.Ipc.Faults;

internal static class GreeterFrames
{
    /// <summary>A call of a host's first service.</summary>
    internal static IPCFrame Call(ulong requestId, uint method, string name, uint serviceId = 1) =>
        new()
        {
            RequestId = requestId,
            MsgInvokeMethod = new IPCFrame.Types.InvokeMethod
            {
                ServiceId = serviceId,
                MethodId = method,
                ArgsProto = new GreeterRequestMsg { Name = name }.ToByteString(),
            },
        };
}
