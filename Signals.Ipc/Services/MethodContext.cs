using Signals.Ipc.Framing;

namespace Signals.Ipc.Services;

/// <summary>The part of a <see cref="CallContext"/> that all calls of one method by one client share.</summary>
/// <param name="client">The client.</param>
/// <param name="methodName">The name of the method in the .proto file.</param>
/// <param name="caller">The client end of the calls, or null for a context that a test created.</param>
/// <param name="method">The method, or null for a context that a test created.</param>
/// <param name="observer">The object that observes the calls, or null.</param>
internal sealed class MethodContext(
    ClientInfo client,
    string methodName,
    IServiceCaller? caller,
    ServiceMethod? method = null,
    CallObserver? observer = null
)
{
    /// <summary>
    /// The context of the last call that wanted a reply, if it can be used again: its method returned the reply and never requested the token. A call
    /// that is replied to at once therefore allocates none. Used only by the receive loop.
    /// </summary>
    private CallContext? _spare;

    /// <summary>The same for calls that want no reply.</summary>
    private CallContext? _oneWaySpare;

    internal ClientInfo Client { get; } = client;

    internal string MethodName { get; } = methodName;

    internal IServiceCaller? Caller { get; } = caller;

    internal ServiceMethod? Method { get; } = method;

    internal CallObserver? Observer { get; } = observer;

    /// <summary>Returns the context of a call.</summary>
    internal CallContext Take(ulong requestId, bool wantsReply, CallExtensions? extensions)
    {
        ref CallContext? place = ref wantsReply ? ref _spare : ref _oneWaySpare;
        if (extensions is null && place is { } spare)
        {
            place = null;

            // Checked again: the method may have passed the context on to code that has requested the token since then.
            if (spare.IsReusable)
            {
                spare.Reuse(requestId);
                return spare;
            }
        }

        return new CallContext(this, requestId, wantsReply, extensions);
    }

    /// <summary>Takes back the context of a call whose method has returned.</summary>
    internal void Return(CallContext context)
    {
        if (context.IsReusable)
        {
            (context.WantsReply ? ref _spare : ref _oneWaySpare) = context;
        }
    }
}
