using NUnit.Framework;
using Signals.Reactive;

namespace Signals.Tests.Reactive.Support;

/// <summary>Scheduler for one kind of evaluator, with a time that a test advances.</summary>
internal sealed class SchedulerRig : IDisposable
{
    private readonly Action? _pump;
    private readonly List<Exception> _thrown = [];

    private SchedulerRig(Func<ConnectionEvaluatorOptions, (ConnectionEvaluator Evaluator, Action? Pump)> make)
    {
        (Evaluator, _pump) = make(new ConnectionEvaluatorOptions { ExceptionHandler = Keep });
        Scheduler = new EvaluatorScheduler(Evaluator, Time);
    }

    internal FakeTime Time { get; } = new();

    internal ConnectionEvaluator Evaluator { get; }

    internal EvaluatorScheduler Scheduler { get; }

    /// <summary>Gets the exceptions that the evaluations threw.</summary>
    internal Exception[] Thrown
    {
        get
        {
            lock (_thrown)
            {
                return [.. _thrown];
            }
        }
    }

    /// <summary>Advances the time, and runs the work that has become due.</summary>
    internal void Advance(double seconds)
    {
        Time.Advance(TimeSpan.FromSeconds(seconds));
        Run();
    }

    /// <summary>Waits until all queued work has run, including work that it queues.</summary>
    internal void Run()
    {
        do
        {
            RunQueued();
        } while (Evaluator.PendingCount != 0);
    }

    /// <summary>Waits until all currently queued work has run.</summary>
    internal void RunQueued()
    {
        if (_pump is not null)
        {
            try
            {
                _pump();
            }
            catch (Exception exception)
            {
                Keep(exception);
            }

            return;
        }

        // The evaluator evaluates by itself, and exceptions are thrown at the end of a round: the second marker belongs to a later round
        // than all work that was queued before.
        Mark();
        Mark();
    }

    public void Dispose() => Evaluator.Dispose();

    /// <summary>Queues a marker at the end, and waits until it has run.</summary>
    private void Mark()
    {
        using var reached = new ManualResetEventSlim();
        var marker = new Signal();
        marker.ConnectDeferred(Evaluator, reached.Set);
        marker.Emit();
        Bounded.Wait(reached, "the evaluator to reach the end of its queue");
    }

    private void Keep(Exception exception)
    {
        lock (_thrown)
        {
            _thrown.Add(exception);
        }
    }

    /// <summary>Kind of evaluator.</summary>
    internal sealed class Kind(string name, Func<ConnectionEvaluatorOptions, (ConnectionEvaluator Evaluator, Action? Pump)> make)
    {
        internal SchedulerRig Start() => new(make);

        public override string ToString() => name;
    }

    internal static readonly Kind ByHand = new(
        "evaluated explicitly",
        static options =>
        {
            var evaluator = new ConnectionEvaluator(options);
            return (evaluator, () => evaluator.EvaluateDeferredConnections());
        }
    );

    internal static readonly Kind OnContext = new(
        "on a context",
        static options =>
        {
            var context = new ManualContext();
            return (new SynchronizationContextEvaluator(context, options), RunAll);

            void RunAll()
            {
                for (int posted = context.Posted; posted > 0; posted--)
                {
                    context.RunOne();
                }
            }
        }
    );

    internal static readonly Kind OnThread = new("on a thread", static options => (new ThreadEvaluator(null, options), null));

    internal static readonly Kind OnPool = new("on the pool", static options => (new ThreadPoolEvaluator(options), null));

    internal static IEnumerable<TestFixtureData> All =>
        new[] { ByHand, OnContext, OnThread, OnPool }.Select(static kind => new TestFixtureData(kind).SetArgDisplayNames(kind.ToString()));
}
