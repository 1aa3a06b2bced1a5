namespace Signals.Ipc.Services;

/// <summary>What a service answers an rpc with: decodes requests, runs the user's code and answers.</summary>
internal abstract class MethodHandler
{
    /// <summary>Runs the method. Never throws what the request or the user's code is to blame for.</summary>
    internal abstract void Invoke(in IncomingCall call, ReadOnlySpan<byte> arguments);
}
