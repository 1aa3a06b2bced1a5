using Google.Protobuf;

namespace Signals.Ipc.Services;

/// <summary>What the methods of all shapes have in common.</summary>
internal abstract class MethodHandler<TRequest>(MessageParser<TRequest> parser) : MethodHandler
    where TRequest : class, IMessage<TRequest>
{
    internal sealed override void Invoke(in IncomingCall call, ReadOnlySpan<byte> arguments)
    {
        TRequest request;
        try
        {
            request = parser.ParseFrom(arguments);
        }
        catch (Exception exception)
        {
            // Whatever it is: the request made it, or the user's message, and the other calls of the connection are not to suffer.
            call.Report(exception);
            call.Reject();
            return;
        }

        try
        {
            Run(call, request);
        }
        catch (Exception exception)
        {
            call.Report(exception);
            call.Reject();
        }
    }

    /// <summary>Runs the user's code and answers. What it throws before the last answer becomes that answer.</summary>
    protected abstract void Run(in IncomingCall call, TRequest request);
}
