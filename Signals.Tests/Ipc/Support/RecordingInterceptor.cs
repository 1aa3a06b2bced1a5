using Google.Protobuf;
using Signals.Ipc;

namespace Signals.Tests.Ipc.Support;

/// <summary>An interceptor that writes down what it sees, in a list that it may share with others.</summary>
internal sealed class RecordingInterceptor(string name, Received<string> seen) : CallInterceptor
{
    public override async ValueTask<IMessage> InterceptAsync(InterceptedCall call, IMessage request, Func<IMessage, ValueTask<IMessage>> next)
    {
        seen.Add($"{name}: {call.ServiceName}.{call.MethodName} {call.StatusCode?.ToString() ?? "begins"}");
        try
        {
            return await next(request);
        }
        finally
        {
            seen.Add($"{name}: {call.StatusCode}");
        }
    }
}
