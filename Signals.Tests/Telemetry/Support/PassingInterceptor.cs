using Google.Protobuf;
using Signals.Ipc;

namespace Signals.Tests.Telemetry.Support;

/// <summary>Passes calls on.</summary>
internal sealed class PassingInterceptor : CallInterceptor
{
    public override ValueTask<IMessage> InterceptAsync(InterceptedCall call, IMessage request, Func<IMessage, ValueTask<IMessage>> next) => next(request);
}
