using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Google.Protobuf;
using Signals.Ipc.Services;

namespace Signals.Ipc.Interceptors;

/// <summary>Runs one call through interceptors, outermost first, to its target: the connection of a client, or the method of a service.</summary>
/// <param name="interceptors">The interceptors. There may be none: the status of the call is recorded in any case.</param>
/// <param name="call">The call.</param>
/// <param name="method">The called method.</param>
internal sealed class InterceptorChain(CallInterceptor[] interceptors, InterceptedCall call, ServiceMethod method)
{
    /// <summary>Runs a call that has one reply, or none.</summary>
    internal async ValueTask<IMessage> InvokeAsync(IMessage request, Func<IMessage, ValueTask<IMessage>> target, int index = 0)
    {
        try
        {
            IMessage reply =
                index == interceptors.Length
                    ? await target(request).ConfigureAwait(false)
                    : Check(
                        await interceptors[index]
                            .InterceptAsync(call, request, message => InvokeAsync(CheckRequest(message), target, index + 1))
                            .ConfigureAwait(false),
                        index
                    );
            call.OnSucceeded();
            return reply;
        }
        catch (Exception exception)
        {
            ExceptionDispatchInfo.Throw(call.OnFailed(exception));
            throw;
        }
    }

    /// <summary>Runs a call that has a stream of replies.</summary>
    internal async IAsyncEnumerable<IMessage> StreamAsync(
        IMessage request,
        Func<IMessage, IAsyncEnumerable<IMessage>> target,
        int index = 0,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        // The iterator of an interceptor may not pass its token on.
        CancellationToken token = cancellationToken.CanBeCanceled ? cancellationToken : call.CancellationToken;
        IAsyncEnumerator<IMessage> replies = Open(request, target, index, token);
        bool hasEnded = false;
        try
        {
            while (true)
            {
                IMessage reply;
                try
                {
                    if (!await replies.MoveNextAsync().ConfigureAwait(false))
                    {
                        break;
                    }

                    reply = index == interceptors.Length ? replies.Current : Check(replies.Current, index);
                }
                catch (Exception exception)
                {
                    hasEnded = true;
                    ExceptionDispatchInfo.Throw(call.OnFailed(exception));
                    throw;
                }

                yield return reply;
            }

            hasEnded = true;
            call.OnSucceeded();
        }
        finally
        {
            if (!hasEnded)
            {
                call.OnLeft();
            }

            await replies.DisposeAsync().ConfigureAwait(false);
        }
    }

    private IAsyncEnumerator<IMessage> Open(
        IMessage request,
        Func<IMessage, IAsyncEnumerable<IMessage>> target,
        int index,
        CancellationToken cancellationToken
    )
    {
        try
        {
            IAsyncEnumerable<IMessage> replies =
                index == interceptors.Length
                    ? target(request)
                    : interceptors[index].InterceptStreamAsync(call, request, message => StreamAsync(CheckRequest(message), target, index + 1))
                        ?? throw new InvalidOperationException($"{interceptors[index].GetType().Name} returned null instead of a stream.");
            return replies.GetAsyncEnumerator(cancellationToken);
        }
        catch (Exception exception)
        {
            ExceptionDispatchInfo.Throw(call.OnFailed(exception));
            throw;
        }
    }

    /// <summary>Returns the request that an interceptor passes on, if it has the right type.</summary>
    private IMessage CheckRequest(IMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return method.RequestType.IsInstanceOfType(request)
            ? request
            : throw new ArgumentException($"{method.FullName} takes {method.RequestType.Name}, not {request.GetType().Name}.", nameof(request));
    }

    /// <summary>Returns the reply of an interceptor, if it has the right type.</summary>
    private IMessage Check(IMessage? reply, int index)
    {
        // A client ignores what is returned for a call without a reply.
        bool isIgnored = call.IsOneWay && call.Context is null;
        return reply is not null && (isIgnored || method.ReplyType.IsInstanceOfType(reply))
            ? reply
            : throw new InvalidOperationException(
                $"{interceptors[index].GetType().Name} returned {reply?.GetType().Name ?? "null"} instead of a {method.ReplyType.Name} for {method.FullName}."
            );
    }
}
