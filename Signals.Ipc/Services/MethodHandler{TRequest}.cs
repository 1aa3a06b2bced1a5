using Google.Protobuf;
using Signals.Ipc.Framing;

namespace Signals.Ipc.Services;

/// <summary>What the methods of all shapes have in common.</summary>
internal abstract class MethodHandler<TRequest>(MessageParser<TRequest> parser) : MethodHandler
    where TRequest : class, IMessage<TRequest>
{
    /// <summary>The bytes that a pending call takes besides its request: its task, the reply's place and the method's state, about.</summary>
    private const int PendingBytes = 256;

    /// <summary>Keeps the fields that the .proto does not know, and refuses those of a wire type that does not exist.</summary>
    private readonly MessageParser<TRequest> _keepingParser = parser;

    /// <summary>
    /// Keeps nothing that the .proto does not know: a client could make that take any memory. It overlooks wire types that do not exist.
    /// </summary>
    private readonly MessageParser<TRequest> _discardingParser = parser.WithDiscardUnknownFields(true);

    internal sealed override void Invoke(in IncomingCall call, ReadOnlySpan<byte> arguments)
    {
        // What parsing allocates is never less than what the request takes, whatever a hostile client has put into it.
        long allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        TRequest request;
        try
        {
            request = (WireReader.IsWellFormed(arguments) ? _discardingParser : _keepingParser).ParseFrom(arguments);
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidOperationException)
        {
            call.Report(exception);
            call.Reject();
            return;
        }

        try
        {
            Run(call with { RequestBytes = GC.GetAllocatedBytesForCurrentThread() - allocatedBefore + PendingBytes }, request);
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
