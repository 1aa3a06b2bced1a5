using Google.Protobuf;
using NUnit.Framework;
using Signals.Ipc.Wire;

namespace Signals.Tests.Ipc.Calls;

/// <summary>Calls of the control service whose replies are parts of a message.</summary>
internal static class ControlCalls
{
    internal const string Service = "SignalsControl";

    /// <summary>The id of the requests.</summary>
    internal const ulong RequestId = 100;

    internal static IPCFrame Call(uint service, uint method, ByteString arguments) =>
        new()
        {
            RequestId = RequestId,
            MsgInvokeMethod = new IPCFrame.Types.InvokeMethod
            {
                ServiceId = service,
                MethodId = method,
                ArgsProto = arguments,
            },
        };

    internal static IPCFrame Call(IPCFrame.Types.BindServiceReply control, string method, ByteString arguments) =>
        Call(control.ServiceId, control.Methods.Single(candidate => candidate.Name == method).Id, arguments);

    /// <summary>Calls a method and returns the message of which the replies are parts.</summary>
    internal static byte[] Ask(RawClient client, IPCFrame.Types.BindServiceReply control, string method, ByteString arguments, out int parts)
    {
        client.Send(Call(control, method, arguments));
        List<byte> message = [];
        IPCFrame.Types.InvokeMethodReply reply;
        parts = 0;
        do
        {
            reply = client.ReceiveReply(RequestId);
            Assert.That(reply.Success, Is.True);
            message.AddRange(MessagePart.Parser.ParseFrom(reply.ReplyProto).Part);
            parts++;
        } while (reply.HasMore);

        return [.. message];
    }
}
