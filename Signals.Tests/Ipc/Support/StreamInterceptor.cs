using Google.Protobuf;
using Signals.Ipc;

namespace Signals.Tests.Ipc.Support;

/// <summary>An interceptor that handles streams with a function of the test, and passes other calls on.</summary>
internal sealed class StreamInterceptor(Func<InterceptedCall, IMessage, Func<IMessage, IAsyncEnumerable<IMessage>>, IAsyncEnumerable<IMessage>> function)
    : CallInterceptor
{
    public override ValueTask<IMessage> InterceptAsync(InterceptedCall call, IMessage request, Func<IMessage, ValueTask<IMessage>> next) => next(request);

    public override IAsyncEnumerable<IMessage> InterceptStreamAsync(
        InterceptedCall call,
        IMessage request,
        Func<IMessage, IAsyncEnumerable<IMessage>> next
    ) => function(call, request, next);
}
