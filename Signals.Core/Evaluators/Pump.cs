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

    /// <summary>The pump whose next callback this thread is posting from inside the last one, or null.</summary>
    [ThreadStatic]
    private static Pump? s_posting;

    /// <summary>Whether that callback was run at once, by a context that does not queue.</summary>
    [ThreadStatic]
    private static bool s_ranAtOnce;

    private int _state;

    /// <summary>
    /// Asks for an evaluation. While one is under way nothing is posted: a callback could do nothing but wait for it, or, inside it, nothing
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
        if (s_posting == this)
        {
            s_ranAtOnce = true;
            return;
        }

        bool again;
        do
        {
            // Before evaluating: what is queued from here on may be missed by the evaluation and must be able to ask again.
            Interlocked.Exchange(ref _state, Running);
            bool isDone = false;
            try
            {
                evaluator.EvaluateDeferredConnections(exceptionHandler);
                isDone = true;
            }
            finally
            {
                again = GoOn(isDone);
            }
        } while (again);
    }

    void IThreadPoolWorkItem.Execute() => Run();

    /// <summary>Posts another callback if that was asked for. Returns whether to evaluate again here instead.</summary>
    /// <param name="mayLoop">Whether the caller can do so.</param>
    private bool GoOn(bool mayLoop)
    {
        if (Interlocked.CompareExchange(ref _state, Idle, Running) == Running)
        {
            return false;
        }

        if (!mayLoop)
        {
            Post();
            return false;
        }

        // A context that runs callbacks at once would run this one deeper and deeper in the stack, as long as slots emit.
        (Pump? outer, bool outerRan) = (s_posting, s_ranAtOnce);
        (s_posting, s_ranAtOnce) = (this, false);
        try
        {
            Post();
            return s_ranAtOnce;
        }
        finally
        {
            (s_posting, s_ranAtOnce) = (outer, outerRan);
        }
    }

    private void Post()
    {
        try
        {
            post(this);
        }
        catch
        {
            // The next emission asks again.
            Volatile.Write(ref _state, Idle);
            throw;
        }
    }
}
