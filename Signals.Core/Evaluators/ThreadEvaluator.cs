namespace Signals;

/// <summary>Runs deferred slots on a dedicated background thread, which sleeps while no invocation is queued.</summary>
/// <remarks>
/// <para>Exceptions of slots are passed to the <see cref="ConnectionEvaluatorOptions.ExceptionHandler"/>. If there is no handler, they are
/// unhandled and end the process.</para>
/// <para>When the evaluator is disposed, the thread ends after the slot that it is running; <see cref="ConnectionEvaluator.Dispose()"/>
/// does not wait for it. An evaluator that is not disposed keeps its thread until the process ends.</para>
/// <para>All members are thread-safe.</para>
/// </remarks>
public sealed class ThreadEvaluator : ConnectionEvaluator
{
    /// <summary>The handler for exceptions of slots, or null if they are to remain unhandled.</summary>
    private readonly Action<Exception>? _exceptionHandler;

    /// <summary>The sleep of the thread while no invocation is queued.</summary>
    private readonly Sleeper _sleeper = new();

    /// <summary>Initializes an evaluator with the default options and starts its thread.</summary>
    /// <param name="name">
    /// The name of the thread in debuggers and traces, and that of the evaluator in measurements; null for the name of the class, and no measurements.
    /// </param>
    public ThreadEvaluator(string? name = null)
        : this(name, new ConnectionEvaluatorOptions()) { }

    /// <summary>Initializes an evaluator with the specified options and starts its thread.</summary>
    /// <param name="name">
    /// The name of the thread in debuggers and traces, or null for the name of the class. Unless <see cref="ConnectionEvaluatorOptions.Name"/> is set, it
    /// is also the name of the evaluator in measurements.
    /// </param>
    /// <param name="options">The options. They are copied.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    public ThreadEvaluator(string? name, ConnectionEvaluatorOptions options)
        : base(options, name)
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
