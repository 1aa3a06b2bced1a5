namespace Signals.Ipc.Services;

/// <summary>Handles the calls of an rpc: decodes the request, runs the user's code and sends the replies.</summary>
internal abstract class MethodHandler
{
    /// <summary>Runs the method. An exception that the request or the user's code causes fails the call and is not thrown.</summary>
    internal abstract void Invoke(in IncomingCall call, ReadOnlySpan<byte> arguments);
}
