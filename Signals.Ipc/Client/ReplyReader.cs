using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Signals.Ipc.Framing;
using Signals.Ipc.Services;

namespace Signals.Ipc.Client;

/// <summary>Converts a received reply to its message, or to the exception that it stands for.</summary>
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
        if (reply.Success)
        {
            return TryParse(method, reply.Reply, out message, out failure);
        }

        message = null;
        failure = FailureOf(method, reply.ExtendedFields);
        return false;
    }

    /// <summary>Decodes a reply. Any exception that the user's message throws fails the call.</summary>
    internal static bool TryParse<TReply>(
        ServiceMethod method,
        ReadOnlySpan<byte> bytes,
        [NotNullWhen(true)] out TReply? message,
        [NotNullWhen(false)] out IpcCallException? failure
    )
        where TReply : class, IMessage<TReply>
    {
        try
        {
            message = method.ReplyDecoderOf<TReply>().Decode(bytes);
            failure = null;
            return true;
        }
        catch (Exception exception)
        {
            message = null;
            failure = new IpcCallException(
                $"The reply to {method.FullName} could not be decoded as {typeof(TReply).Name}: {exception.Message}",
                exception
            );
            return false;
        }
    }

    /// <summary>Returns the exception of a call whose host has noticed first that its time is over, or null if the failure is another one.</summary>
    internal static Exception? AsTimeout(IpcCallException failure, IPendingCall call) =>
        failure.StatusCode == IpcStatusCode.DeadlineExceeded && call.Details is { HasLimit: true } details ? details.TimedOut(call.Method, failure) : null;

    private static IpcCallException FailureOf(ServiceMethod method, ReadOnlySpan<byte> extendedFields)
    {
        if (extendedFields.IsEmpty)
        {
            return new IpcCallException($"The host did not carry out {method.FullName}: the method failed, or the host does not have the method.");
        }

        CallStatus status = CallStatus.Read(extendedFields);
        string end =
            status.Message.Length > 0 ? ":"
            : status.Code == IpcStatusCode.Unknown ? ". The log of the host has the reason, which the host sends only if it includes exception details."
            : ".";
        return new IpcCallException(status.Code, status.Message, $"The call of {method.FullName} failed with status {status.Code}{end}");
    }
}
