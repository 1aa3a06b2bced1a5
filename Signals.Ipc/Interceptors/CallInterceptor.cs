using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Signals.Ipc.Interceptors;

namespace Signals.Ipc;

/// <summary>
/// Base class of interceptors, which see the calls of a client (<see cref="IpcClientOptions.Interceptors"/>) or of a host
/// (<see cref="IpcHostOptions.Interceptors"/>): they may examine and replace messages, add headers, reply themselves and fail the call.
/// </summary>
/// <remarks>
/// <para>One instance serves all calls, also concurrent ones, so a derived class must be thread-safe. An interceptor runs on the thread of its call: on
/// a client, that of the caller and then that of the reply; on a host, that of the method. It should await instead of blocking.</para>
/// <para>On a client, a failure that <c>next</c> throws is an <see cref="IpcCallException"/>, whose <see cref="IpcCallException.StatusCode"/> says what
/// happened: <see cref="IpcStatusCode.Unavailable"/> without a connection, <see cref="IpcStatusCode.DeadlineExceeded"/> after the time limit,
/// <see cref="IpcStatusCode.Cancelled"/> after cancellation. The caller gets the exception that the call throws without interceptors. On a host,
/// <c>next</c> throws the exceptions of the method, and an exception of the interceptor has the effect of one of the method: an
/// <see cref="IpcStatusException"/> determines the status of the call.</para>
/// </remarks>
[SuppressMessage("Naming", "CA1716", Justification = "Middleware in .NET has a parameter of the name next.")]
public abstract class CallInterceptor
{
    /// <summary>Handles a call. The simplest implementation returns <c>next(request)</c>.</summary>
    /// <param name="call">The call.</param>
    /// <param name="request">The request. On a client, it is a copy of the caller's message.</param>
    /// <param name="next">
    /// The rest of the call: the inner interceptors, and then the host or the method. It takes the request, or another message of the same type. If it
    /// is not called, the call does not reach the host or the method; if it is called again, the call is repeated.
    /// </param>
    /// <returns>
    /// The reply. For a call without a reply, <c>next</c> returns an <see cref="Empty"/> on the client, when the message has been accepted for sending, and
    /// the returned message is ignored. For a stream, see <see cref="InterceptStreamAsync"/>.
    /// </returns>
    public abstract ValueTask<IMessage> InterceptAsync(InterceptedCall call, IMessage request, Func<IMessage, ValueTask<IMessage>> next);

    /// <summary>
    /// Handles a call that has a stream of replies. By default, <see cref="InterceptAsync"/> handles it as a whole: its <c>next</c> completes with an
    /// <see cref="Empty"/> when the stream has ended, and throws if the stream failed or its reader left it, while the replies pass. An interceptor that
    /// does not call <c>next</c> replaces the stream by the message that it returns, or, with an <see cref="Empty"/>, by a stream without replies.
    /// Override this method to examine or replace the replies one by one.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="request">The request. On a client, it is a copy of the caller's message.</param>
    /// <param name="next">The rest of the call, which takes the request and begins when its replies are enumerated.</param>
    /// <returns>The replies.</returns>
    public virtual IAsyncEnumerable<IMessage> InterceptStreamAsync(InterceptedCall call, IMessage request, Func<IMessage, IAsyncEnumerable<IMessage>> next)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(next);
        return new InterceptedStream(this, call, request, next);
    }

    /// <summary>Returns a copy of the interceptors that options were given.</summary>
    /// <exception cref="ArgumentNullException">The list is null.</exception>
    /// <exception cref="ArgumentException">An interceptor is null.</exception>
    internal static CallInterceptor[] Copy(IReadOnlyList<CallInterceptor> interceptors)
    {
        ArgumentNullException.ThrowIfNull(interceptors);
        CallInterceptor[] copy = [.. interceptors];
        int missing = Array.IndexOf(copy, null);
        return missing < 0 ? copy : throw new ArgumentException($"The interceptor at index {missing} is null.", nameof(interceptors));
    }
}
