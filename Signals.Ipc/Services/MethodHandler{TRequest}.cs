using Google.Protobuf;
using Signals.Ipc.Framing;

namespace Signals.Ipc.Services;

/// <summary>Base of the handlers of all kinds of methods.</summary>
internal abstract class MethodHandler<TRequest>(MessageParser<TRequest> parser) : MethodHandler
    where TRequest : class, IMessage<TRequest>
{
    /// <summary>
    /// Number of bytes up to which a request is small. Its memory is estimated, since measuring takes a tenth of the time of such a call.
    /// </summary>
    private const int SmallRequest = 96;

    /// <summary>
    /// Maximum number of bytes of memory for one byte of a request: an empty message of two bytes becomes an object and a reference to it.
    /// </summary>
    private const int LargestGrowth = 64;

    private readonly MessageDecoder<TRequest> _decoder = new(parser);

    internal sealed override void Invoke(in IncomingCall call, ReadOnlySpan<byte> arguments)
    {
        // Parsing never allocates less than the request then occupies, whatever a hostile client put into it.
        bool isSmall = arguments.Length <= SmallRequest;
        long allocatedBefore = isSmall ? 0 : GC.GetAllocatedBytesForCurrentThread();
        TRequest request;
        try
        {
            request = _decoder.Decode(arguments);
        }
        catch (Exception exception)
        {
            // Catches all exceptions: the request or the user's message caused them, and they must not affect the other calls of the connection.
            call.Report(exception);
            call.FailRequest(exception);
            return;
        }

        try
        {
            long requestBytes = isSmall ? arguments.Length * LargestGrowth : GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
            Run(call, request, requestBytes + call.Context.HeaderBytes);
        }
        catch (Exception exception)
        {
            call.Report(exception);
            call.Fail(exception);
        }
    }

    /// <summary>Runs the user's code and sends the replies. An exception that it throws before the last reply fails the call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="request">The decoded request.</param>
    /// <param name="requestBytes">The maximum number of bytes of memory that the request takes.</param>
    protected abstract void Run(in IncomingCall call, TRequest request, long requestBytes);
}
