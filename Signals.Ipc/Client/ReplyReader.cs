using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Signals.Ipc.Framing;
using Signals.Ipc.Services;

namespace Signals.Ipc.Client;

/// <summary>Turns an answer as it came into a message, or into the exception that it means.</summary>
internal static class ReplyReader
{
    internal static bool TryRead<TReply>(
        ServiceMethod method,
        in InvokeMethodReplyBody reply,
        [NotNullWhen(true)] out TReply? message,
        [NotNullWhen(false)] out IpcCallException? failure
    )
        where TReply : class, IMessage<TReply>
    {
        message = null;
        failure = null;
        if (!reply.Success)
        {
            failure = new IpcCallException($"The host did not carry out {method.FullName}: it failed, or the host does not know it.");
            return false;
        }

        try
        {
            message = ((MessageParser<TReply>)method.ReplyParser).ParseFrom(reply.Reply);
            return true;
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidOperationException)
        {
            failure = new IpcCallException($"The answer to {method.FullName} is no {typeof(TReply).Name}.", exception);
            return false;
        }
    }
}
