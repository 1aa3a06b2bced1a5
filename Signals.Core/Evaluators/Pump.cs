using System.Runtime.ExceptionServices;

namespace Signals;

/// <summary>Has an evaluator evaluated elsewhere, by one callback at a time however many ask for it.</summary>
/// <param name="evaluator">The evaluator.</param>
/// <param name="exceptionHandler">Takes what slots throw, or null if it is to go to whoever runs the callback.</param>
/// <param name="post">Arranges for <see cref="Run"/> to be called, now or later.</param>
internal sealed class Pump(ConnectionEvaluator evaluator, Action<Exception>? exceptionHandler, Action<Pump> post) : IThreadPoolWorkItem
{
    private const int Idle = 0;

    /// <summary>The callback is evaluating: what was queued before runs. What is queued from here on may be missed, and asks again.</summary>
    private const int Running = 1;

    /// <summary>An evaluation has been asked for and has not begun: a callback has been posted, or the one that is evaluating posts another.</summary>
    private const int Asked = 2;

    /// <summary>The callback that this thread is posting.</summary>
    [ThreadStatic]
    private static Posting s_posting;

    private int _state;

    /// <summary>
    /// Asks for an evaluation. While one is active nothing is posted: a callback could do nothing but wait for it, or, inside it, nothing
    /// at all.
    /// </summary>
    internal void Request()
    {
        // Looked at first: emissions in a row find it asked for already, and write nothing.
        if (Volatile.Read(ref _state) != Asked && Interlocked.Exchange(ref _state, Asked) == Idle)
        {
            Post();
        }
    }

    /// <summary>Evaluates, and posts another callback if one was asked for meanwhile.</summary>
    internal void Run()
    {
        // Before evaluating: what is queued from here on may be missed by the evaluation and must be able to ask again.
        Interlocked.Exchange(ref _state, Running);
        try
        {
            evaluator.EvaluateDeferredConnections(exceptionHandler);
        }
        catch (Exception ofSlots)
        {
            EndRun(ofSlots);
            throw;
        }

        EndRun(null);
    }

    /// <summary>Makes the next emission ask again, because the posted callback will not run.</summary>
    internal void OnDropped() => Interlocked.CompareExchange(ref _state, Idle, Asked);

    void IThreadPoolWorkItem.Execute() => Run();

    /// <summary>Posts another callback if that was asked for.</summary>
    /// <param name="ofSlots">Exception of the slots that is thrown afterwards, or null.</param>
    private void EndRun(Exception? ofSlots)
    {
        bool isAsked = Interlocked.CompareExchange(ref _state, Idle, Running) != Running;
        ref Posting posting = ref s_posting;
        if (posting.Pump == this)
        {
            // Run at once by a context that does not queue. The method that posts it posts the next one too: from here each callback would be run deeper
            // in the stack than the one before.
            posting.Outcome = isAsked ? PostOutcome.AskedAgain : PostOutcome.Ran;
            return;
        }

        if (!isAsked)
        {
            return;
        }

        try
        {
            Post();
        }
        catch (Exception ofPosting) when (exceptionHandler is not null)
        {
            exceptionHandler(ofPosting);
        }
        catch (Exception ofPosting) when (ofSlots is not null)
        {
            throw new AggregateException(ofSlots, ofPosting);
        }
    }

    /// <summary>Posts a callback, and, if it runs at once, as many more as are asked for meanwhile.</summary>
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
                        // Not posted: the next emission asks again.
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
            } while (posting.Outcome == PostOutcome.AskedAgain);
        }
        catch
        {
            // There is no memory to keep an exception: the next emission asks again.
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

    /// <summary>Callback that a thread is posting, and its outcome so far.</summary>
    private struct Posting
    {
        /// <summary>Pump whose callback it is, or null.</summary>
        internal Pump? Pump;

        /// <summary>Outcome of the callback so far.</summary>
        internal PostOutcome Outcome;
    }
}
