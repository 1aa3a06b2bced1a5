using NUnit.Framework;
using Signals.Reactive;
using Signals.Tests.Core.Evaluators;
using Signals.Tests.Ipc.Support;

namespace Signals.Tests.Reactive.Support;

/// <summary>A scheduler over one kind of evaluator, on a time that a test moves.</summary>
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

    /// <summary>What reached whoever evaluates.</summary>
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

    /// <summary>Lets time pass, and runs what has become due.</summary>
    internal void Advance(double seconds)
    {
        Time.Advance(TimeSpan.FromSeconds(seconds));
        Run();
    }

    /// <summary>Returns when all that is queued has run, what it queues meanwhile included.</summary>
    internal void Run()
    {
        do
        {
            RunQueued();
        } while (Evaluator.PendingCount != 0);
    }

    /// <summary>Returns when all that is queued now has run.</summary>
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

        // It pumps itself. What is thrown comes when a round has ended: the second marker is of a later round than all that was queued before.
        Mark();
        Mark();
    }

    public void Dispose() => Evaluator.Dispose();

    /// <summary>Queues something behind all the rest, and returns when it has run.</summary>
    private void Mark()
    {
        using var reached = new ManualResetEventSlim();
        var marker = new Signal();
        marker.ConnectDeferred(Evaluator, reached.Set);
        marker.Emit();
        Bounded.Wait(reached, "the evaluator to come to the end of its queue");
    }

    private void Keep(Exception exception)
    {
        lock (_thrown)
        {
            _thrown.Add(exception);
        }
    }

    /// <summary>A kind of evaluator.</summary>
    internal sealed class Kind(string name, Func<ConnectionEvaluatorOptions, (ConnectionEvaluator Evaluator, Action? Pump)> make)
    {
        internal SchedulerRig Start() => new(make);

        public override string ToString() => name;
    }

    internal static readonly Kind ByHand = new(
        "pumped by hand",
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
