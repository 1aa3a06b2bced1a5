using Google.Protobuf;
using Signals.Ipc.Framing;

namespace Signals.Ipc.Services;

/// <summary>What the methods of all shapes have in common.</summary>
internal abstract class MethodHandler<TRequest>(MessageParser<TRequest> parser) : MethodHandler
    where TRequest : class, IMessage<TRequest>
{
    /// <summary>The bytes up to which a request is small: what it takes is estimated, since measuring costs a tenth of such a call.</summary>
    private const int SmallRequest = 96;

    /// <summary>The bytes of memory that one byte of a request takes at most: an empty message of two bytes becomes an object and its place.</summary>
    private const int LargestGrowth = 64;

    private readonly MessageDecoder<TRequest> _decoder = new(parser);

    internal sealed override void Invoke(in IncomingCall call, ReadOnlySpan<byte> arguments)
    {
        // What parsing allocates is never less than what the request takes, whatever a hostile client has put into it.
        bool isSmall = arguments.Length <= SmallRequest;
        long allocatedBefore = isSmall ? 0 : GC.GetAllocatedBytesForCurrentThread();
        TRequest request;
        try
        {
            request = _decoder.Decode(arguments);
        }
        catch (Exception exception)
        {
            // Any exception: the request or the user's message caused it, and the other calls of the connection must not be affected.
            call.Report(exception);
            call.Caller.EndInvocation();
            call.End(success: false);
            return;
        }

        try
        {
            long requestBytes = isSmall ? arguments.Length * LargestGrowth : GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
            Run(call, request, requestBytes);
        }
        catch (Exception exception)
        {
            call.Report(exception);
            call.Caller.EndInvocation();
            call.End(success: false);
        }
    }

    /// <summary>Runs the user's code and answers. What it throws before the last answer becomes that answer.</summary>
    /// <param name="call">The call.</param>
    /// <param name="request">The decoded request.</param>
    /// <param name="requestBytes">The bytes of memory that it takes at most.</param>
    protected abstract void Run(in IncomingCall call, TRequest request, long requestBytes);
}
