using Google.Protobuf;
using Signals.Ipc;

namespace Signals.Tests.Ipc.Support;

/// <summary>An interceptor that is a function of the test.</summary>
internal sealed class FunctionInterceptor(Func<InterceptedCall, IMessage, Func<IMessage, ValueTask<IMessage>>, ValueTask<IMessage>> function)
    : CallInterceptor
{
    public override ValueTask<IMessage> InterceptAsync(InterceptedCall call, IMessage request, Func<IMessage, ValueTask<IMessage>> next) =>
        function(call, request, next);
}
