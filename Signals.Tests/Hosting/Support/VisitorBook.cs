using Google.Protobuf;
using Signals.Ipc;

namespace Signals.Tests.Hosting.Support;

/// <summary>An interceptor that adds the methods of calls to a list of the container.</summary>
internal sealed class VisitorBook(GuestList guests) : CallInterceptor
{
    public override ValueTask<IMessage> InterceptAsync(InterceptedCall call, IMessage request, Func<IMessage, ValueTask<IMessage>> next)
    {
        guests.Add(call.MethodName);
        return next(request);
    }
}
