namespace Signals;

/// <summary>Runs deferred slots on a thread of its own, a background thread that sleeps while there is nothing to run.</summary>
/// <remarks>
/// <para>What a slot throws goes to the <see cref="ConnectionEvaluatorOptions.ExceptionHandler"/>; without one it is unhandled and ends the process.</para>
/// <para>Disposing it lets the thread end after the slot that it is running; it does not wait for that. One that is not disposed keeps its
/// thread as long as the process runs.</para>
/// </remarks>
public sealed class ThreadEvaluator : ConnectionEvaluator
{
    /// <summary>Takes what slots throw, or null if it is to be unhandled.</summary>
    private readonly Action<Exception>? _exceptionHandler;

    /// <summary>Sleep of the thread while nothing is queued.</summary>
    private readonly Sleeper _sleeper = new();

    /// <summary>Makes an evaluator and starts its thread.</summary>
    /// <param name="name">The thread's name in debuggers and traces, or null for the class's name.</param>
    public ThreadEvaluator(string? name = null)
        : this(name, new ConnectionEvaluatorOptions()) { }

    /// <summary>Makes an evaluator and starts its thread.</summary>
    /// <param name="name">The thread's name in debuggers and traces, or null for the class's name.</param>
    /// <param name="options">How much it queues, what happens beyond, and who takes exceptions.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    public ThreadEvaluator(string? name, ConnectionEvaluatorOptions options)
        : base(options)
    {
        _exceptionHandler = options.ExceptionHandler;
        new Thread(Loop) { IsBackground = true, Name = name ?? nameof(ThreadEvaluator) }.Start();
    }

    private protected override bool MayBeInterrupted => false;

    private void Loop()
    {
        while (WaitForInvocations(_sleeper))
        {
            EvaluateDeferredConnections(_exceptionHandler);
        }
    }
}
