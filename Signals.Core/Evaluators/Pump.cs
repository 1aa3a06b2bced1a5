using System.Runtime.ExceptionServices;

namespace Signals;

/// <summary>
/// Arranges for an evaluator to be evaluated by callbacks on other threads. At most one callback is pending at a time, regardless of the
/// number of requests.
/// </summary>
/// <param name="evaluator">The evaluator.</param>
/// <param name="exceptionHandler">
/// The handler for exceptions of slots, or null if they are to propagate to the caller of the callback.
/// </param>
/// <param name="post">The delegate that arranges for <see cref="Run"/> to be called, immediately or later.</param>
internal sealed class Pump(ConnectionEvaluator evaluator, Action<Exception>? exceptionHandler, Action<Pump> post) : IThreadPoolWorkItem
{
    private const int Idle = 0;

    /// <summary>
    /// A callback is evaluating the invocations that were queued before. The evaluation may miss those that are queued from here on, so
    /// they request another one.
    /// </summary>
    private const int Running = 1;

    /// <summary>
    /// An evaluation has been requested and has not started: a callback is pending, or the one that is evaluating will post another.
    /// </summary>
    private const int Requested = 2;

    /// <summary>The callback that the current thread is posting.</summary>
    [ThreadStatic]
    private static Posting s_posting;

    private int _state;

    /// <summary>
    /// Requests an evaluation. While one is active, no callback is posted: it could only wait for the active evaluation or, inside of it,
    /// do nothing.
    /// </summary>
    internal void Request()
    {
        // Read first: successive emissions find that an evaluation has already been requested, and do not write.
        if (Volatile.Read(ref _state) != Requested && Interlocked.Exchange(ref _state, Requested) == Idle)
        {
            Post();
        }
    }

    /// <summary>Evaluates, and posts another callback if one was requested meanwhile.</summary>
    internal void Run()
    {
        // Before evaluating: the evaluation may miss invocations that are queued from here on, which must be able to request another one.
        Interlocked.Exchange(ref _state, Running);
        try
        {
            evaluator.EvaluateDeferredConnections(exceptionHandler);
        }
        catch (Exception slotException)
        {
            EndRun(slotException);
            throw;
        }

        EndRun(null);
    }

    /// <summary>Makes the next emission request another callback, because the posted one will not run.</summary>
    internal void OnDropped() => Interlocked.CompareExchange(ref _state, Idle, Requested);

    void IThreadPoolWorkItem.Execute() => Run();

    /// <summary>Posts another callback if one was requested.</summary>
    /// <param name="slotException">The exception of slots that is thrown afterwards, or null.</param>
    private void EndRun(Exception? slotException)
    {
        bool isRequested = Interlocked.CompareExchange(ref _state, Idle, Running) != Running;
        ref Posting posting = ref s_posting;
        if (posting.Pump == this)
        {
            // The context does not queue and has run the callback at once. The method that posted it posts the next one too; if it were
            // posted here, each callback would run deeper in the stack than the previous one.
            posting.Outcome = isRequested ? PostOutcome.RequestedAgain : PostOutcome.Ran;
            return;
        }

        if (!isRequested)
        {
            return;
        }

        try
        {
            Post();
        }
        catch (Exception postException) when (exceptionHandler is not null)
        {
            exceptionHandler(postException);
        }
        catch (Exception postException) when (slotException is not null)
        {
            throw new AggregateException(slotException, postException);
        }
    }

    /// <summary>Posts a callback and, if it runs immediately, further ones as long as they are requested meanwhile.</summary>
    private void Post()
    {
        ref Posting posting = ref s_posting;
        Posting outer = posting;
        posting.Pump = this;
        Exception? first = null;
        List<Exception>? all = null;
        try
        {
            do
            {
                posting.Outcome = PostOutcome.Queued;
                try
                {
                    post(this);
                }
                catch (Exception exception)
                {
                    if (posting.Outcome == PostOutcome.Queued)
                    {
                        // Not posted: the next emission must request it again.
                        Volatile.Write(ref _state, Idle);
                    }

                    if (first is null)
                    {
                        first = exception;
                    }
                    else
                    {
                        all ??= [first];
                        all.Add(exception);
                    }
                }
            } while (posting.Outcome == PostOutcome.RequestedAgain);
        }
        catch
        {
            // There is not enough memory to keep an exception: the next emission must request a callback again.
            Volatile.Write(ref _state, Idle);
            throw;
        }
        finally
        {
            posting = outer;
        }

        if (all is not null)
        {
            throw new AggregateException(all);
        }

        if (first is not null)
        {
            ExceptionDispatchInfo.Throw(first);
        }
    }

    /// <summary>The callback that a thread is posting, and its outcome so far.</summary>
    private struct Posting
    {
        /// <summary>The pump whose callback is posted, or null.</summary>
        internal Pump? Pump;

        /// <summary>The outcome so far.</summary>
        internal PostOutcome Outcome;
    }
}
