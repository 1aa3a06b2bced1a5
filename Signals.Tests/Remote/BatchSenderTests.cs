using NUnit.Framework;
using Signals.Ipc.Exchange;
using Signals.Remote;

namespace Signals.Tests.Remote;

/// <summary>The thread that sends the emissions of exported signals over a connection.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class BatchSenderTests : IDisposable
{
    private readonly ConnectionEvaluator _evaluator = new();
    private readonly RecordingConnection _connection = new();
    private readonly Received<int> _senders = new();
    private readonly Signal<int> _signal = new();
    private readonly BatchSender _sender;

    public BatchSenderTests()
    {
        var exports = new RemoteExports(RemoteCapabilities.None, _evaluator);
        new Exporter(exports).Export("a", _signal);
        _sender = new BatchSender(
            _connection.Sender,
            (_, _) => _senders.Add(Environment.CurrentManagedThreadId),
            static reason => throw new InvalidOperationException(reason.Message)
        );
        _sender.Open(exports, new RemoteSubscriber(1), maxValueBytes: 1_000_000, maxSubscriptions: 10);
        _sender.Outlet!.Subscribe("int32");

        // The grant.
        _senders.Next();
    }

    public void Dispose()
    {
        _sender.Close();
        _signal.Dispose();
        _connection.Dispose();
        _evaluator.Dispose();
        _senders.Dispose();
    }

    [Test]
    public void X5_an_emission_after_a_pause_is_sent_by_the_thread_that_emits() =>
        // If a thread of the pool still looks for more to send, it sends the emission, too.
        Bounded.Until(IsSentHere, "an emission that its thread sends");

    [Test]
    public void X5_a_thread_that_emits_again_at_once_leaves_the_sending_to_the_pool()
    {
        var senders = new HashSet<int>();
        var emitters = new HashSet<int>();
        Bounded.Until(
            () =>
            {
                Worker.RunAll(() =>
                {
                    emitters.Add(Environment.CurrentManagedThreadId);
                    _signal.Emit(1);
                    _signal.Emit(2);
                });
                do
                {
                    senders.Add(_senders.Next());
                } while (_senders.Count > 0);
                return senders.Except(emitters).Any();
            },
            "an emission that another thread sends"
        );
    }

    private bool IsSentHere()
    {
        int here = 0;
        Worker.RunAll(() =>
        {
            here = Environment.CurrentManagedThreadId;
            _signal.Emit(1);
        });
        return _senders.Next() == here;
    }
}
