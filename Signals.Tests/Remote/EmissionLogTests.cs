using System.Buffers;
using Google.Protobuf;
using NUnit.Framework;
using Signals.Remote;

namespace Signals.Tests.Remote;

/// <summary>
/// Streams take emissions over from the logs of the exports when they are used. Random programs check that each stream gives what it would give if every
/// emission had been queued at once: a model does that.
/// </summary>
public sealed class EmissionLogTests
{
    private const int Programs = 60;
    private const int Steps = 1500;

    [Test]
    public void X3_X4_X5_streams_give_what_they_would_give_if_each_emission_were_queued_at_once([Range(1, Programs)] int seed)
    {
        using var program = new RandomProgram(new Random(seed));
        for (int step = 0; step < Steps; step++)
        {
            program.Step();
        }

        program.TakeAll();
    }

    /// <summary>An item that a stream is expected to give.</summary>
    private sealed record Expected(ModelSubscription Subscription, ulong Number, int Size, bool IsEnd = false);

    private sealed class ModelSubscription(uint id, int export, RemoteOverflow overflow, int capacity, ulong sent)
    {
        internal uint Id => id;
        internal int Export => export;
        internal RemoteOverflow Overflow => overflow;
        internal int Capacity => overflow == RemoteOverflow.Latest ? 1 : capacity;
        internal int Window => overflow == RemoteOverflow.Latest ? 1 : Math.Max(1, capacity / 2);
        internal ulong Sent { get; set; } = sent;
        internal int InFlight { get; set; }
        internal bool HasEnded { get; set; }
    }

    private sealed class ModelStream(RemoteOutlet outlet)
    {
        internal RemoteOutlet Outlet => outlet;
        internal List<ModelSubscription> Subscriptions { get; } = [];
        internal List<Expected> Unsent { get; } = [];
        internal Queue<ModelSubscription?> InFlight { get; } = [];
        internal ulong Taken { get; set; }

        /// <summary>Queues an emission. Returns the number of emissions that are dropped for it.</summary>
        internal int Push(ModelSubscription subscription, ulong number, int size, long maxBytes)
        {
            int dropped = 0;
            while (IsFull(subscription, size, maxBytes))
            {
                if (subscription.Overflow == RemoteOverflow.Disconnect)
                {
                    subscription.HasEnded = true;
                    Unsent.Add(new Expected(subscription, 0, 0, IsEnd: true));
                    return 0;
                }

                Unsent.RemoveAt(Unsent.FindIndex(one => one.Subscription == subscription && one.Number != 0));
                dropped++;
            }

            Unsent.Add(new Expected(subscription, number, size));
            return dropped;
        }

        private bool IsFull(ModelSubscription subscription, int size, long maxBytes)
        {
            Expected[] unsent = [.. Unsent.Where(one => one.Subscription == subscription && one.Number != 0)];
            return unsent.Length > 0
                && (unsent.Length + subscription.InFlight >= subscription.Capacity || unsent.Sum(static one => one.Size) + size > maxBytes);
        }
    }

    private sealed class RandomProgram : IDisposable
    {
        private const int MaxQueuedBytes = 150_000;
        private const int MaxSize = 40_000;
        private const int MaxBatch = 32 * 1024;

        private readonly Random _random;
        private readonly ConnectionEvaluator _evaluator = new();
        private readonly RemoteExports _exports;
        private readonly Signal<byte[]>[] _signals;
        private readonly ExportedSignal[] _exported;
        private readonly ulong[] _numbers;
        private readonly long[] _dropped;
        private readonly List<ModelStream> _streams = [];
        private readonly ArrayBufferWriter<byte> _batch = new();

        /// <summary>Indicates whether the program reads seldom, so that logs become long.</summary>
        private readonly bool _isLazy;

        private readonly bool _hasLargeValues;

        internal RandomProgram(Random random)
        {
            _random = random;
            _isLazy = random.Next(2) == 0;
            _hasLargeValues = random.Next(3) == 0;
            _exports = new RemoteExports(RemoteCapabilities.None, _evaluator);
            _signals = [.. Enumerable.Range(0, random.Next(1, 4)).Select(static _ => new Signal<byte[]>())];
            _numbers = new ulong[_signals.Length];
            _dropped = new long[_signals.Length];
            var options = new ExportOptions { Capacity = 1000, MaxQueuedBytes = MaxQueuedBytes };
            _exported = [.. _signals.Select((signal, i) => new Exporter(_exports).Export($"a{i}", signal, options))];
            for (int i = random.Next(1, 6); i > 0; i--)
            {
                AddStream();
            }
        }

        public void Dispose()
        {
            _streams.ForEach(static stream => stream.Outlet.Dispose());
            Array.ForEach(_exported, static exported => exported.Dispose());
            Array.ForEach(_signals, static signal => signal.Dispose());
            _exports.Dispose();
            _evaluator.Dispose();
        }

        internal void Step()
        {
            int choice = _random.Next(_isLazy ? 400 : 40);
            ModelStream stream = _streams[_random.Next(_streams.Count)];
            switch (choice)
            {
                case 0:
                    int export = _random.Next(_signals.Length);
                    Assert.That(_exported[export].DroppedCount, Is.EqualTo(_dropped[export]));
                    Assert.That(_exported[export].SubscriberCount, Is.EqualTo(Subscriptions(export).Count(static one => !one.Subscription.HasEnded)));
                    break;
                case 1:
                    Credit(stream);
                    break;
                case < 6:
                    Take(stream);
                    break;
                case 6:
                    Unsubscribe(stream);
                    break;
                default:
                    Emit(_random.Next(_signals.Length));
                    break;
            }
        }

        internal void TakeAll()
        {
            foreach (ModelStream stream in _streams)
            {
                while (Take(stream))
                {
                    Credit(stream, all: true);
                }
            }
        }

        private IEnumerable<(ModelStream Stream, ModelSubscription Subscription)> Subscriptions(int export) =>
            _streams.SelectMany(stream => stream.Subscriptions.Where(one => one.Export == export).Select(one => (stream, one)));

        private void AddStream()
        {
            RemoteOutlet outlet = _exports.Accept(new RemoteSubscriber(_streams.Count), new RemoteOutletOptions(), static _ => { });
            var stream = new ModelStream(outlet);
            _streams.Add(stream);
            outlet.Handle(RemoteOperation.Watch, new WatchRequest { Stream = 1 }.ToByteArray());
            uint id = 0;
            for (int i = _random.Next(1, 4); i > 0; i--)
            {
                int export = _random.Next(_signals.Length);
                var subscription = new ModelSubscription(
                    ++id,
                    export,
                    (RemoteOverflow)_random.Next(3),
                    _random.Next(2) == 0 ? _random.Next(1, 20) : _random.Next(200, 1000),
                    _numbers[export]
                );
                stream.Subscriptions.Add(subscription);
                var request = new SubscribeRequest
                {
                    Stream = 1,
                    Subscription = id,
                    Name = $"a{export}",
                    Type = "bytes",
                    Overflow = (uint)subscription.Overflow,
                    Capacity = (uint)subscription.Capacity,
                };
                if (subscription.Overflow != RemoteOverflow.Latest)
                {
                    request.Capacity = (uint)subscription.Capacity;
                }

                Assert.That(outlet.Handle(RemoteOperation.Subscribe, request.ToByteArray()), Is.True);
                stream.Unsent.Add(new Expected(subscription, 0, 0));
            }
        }

        private void Emit(int export)
        {
            ulong number = ++_numbers[export];
            byte[] value = new byte[_hasLargeValues && _random.Next(4) == 0 ? _random.Next(sizeof(ulong), MaxSize) : sizeof(ulong)];
            BitConverter.TryWriteBytes(value, number);
            _signals[export].Emit(value);
            foreach ((ModelStream stream, ModelSubscription subscription) in Subscriptions(export))
            {
                if (!subscription.HasEnded)
                {
                    _dropped[export] += stream.Push(subscription, number, value.Length, MaxQueuedBytes);
                }
            }
        }

        private void Unsubscribe(ModelStream stream)
        {
            ModelSubscription subscription = stream.Subscriptions[_random.Next(stream.Subscriptions.Count)];
            if (_random.Next(8) != 0 || subscription.HasEnded)
            {
                return;
            }

            subscription.HasEnded = true;
            var request = new UnsubscribeRequest();
            request.Subscriptions.Add(subscription.Id);
            Assert.That(stream.Outlet.Handle(RemoteOperation.Unsubscribe, request.ToByteArray()), Is.True);
            stream.Unsent.RemoveAll(one => one.Subscription == subscription && one.Number != 0);
        }

        private void Credit(ModelStream stream, bool all = false)
        {
            for (int count = all ? stream.InFlight.Count : _random.Next(stream.InFlight.Count + 1); count > 0; count--)
            {
                stream.Taken++;
                if (stream.InFlight.Dequeue() is { } subscription)
                {
                    subscription.InFlight--;
                }
            }

            var credit = new CreditRequest { Stream = 1, Taken = stream.Taken };
            Assert.That(stream.Outlet.Handle(RemoteOperation.Credit, credit.ToByteArray()), Is.True);
        }

        /// <summary>Takes a batch, and checks that it has the items of the model. Returns whether there was one.</summary>
        private bool Take(ModelStream stream)
        {
            _batch.ResetWrittenCount();
            bool hasBatch = stream.Outlet.TryWriteBatch(1, _batch, _random.Next(1, MaxBatch));
            if (!hasBatch)
            {
                Assert.That(stream.Unsent.Count == 0 || IsBlocked(stream.Unsent[0]), Is.True, "There is an item to take.");
                return false;
            }

            foreach (ExchangeItem item in ExchangeBatch.Parser.ParseFrom(_batch.WrittenSpan).Items)
            {
                Expected expected = stream.Unsent[0];
                Assert.That(IsBlocked(expected), Is.False);
                stream.Unsent.RemoveAt(0);
                ModelSubscription subscription = expected.Subscription;
                Assert.That(item.Subscription, Is.EqualTo(subscription.Id));
                if (expected.Number == 0)
                {
                    Assert.That((item.Granted is null, item.HasRefused), Is.EqualTo((expected.IsEnd, expected.IsEnd)));
                    stream.InFlight.Enqueue(null);
                    continue;
                }

                Assert.That(BitConverter.ToUInt64(item.Value.Span), Is.EqualTo(expected.Number));
                Assert.That(item.Value.Length, Is.EqualTo(expected.Size));
                Assert.That(item.Missed, Is.EqualTo(expected.Number - 1 - subscription.Sent));
                subscription.Sent = expected.Number;
                subscription.InFlight++;
                stream.InFlight.Enqueue(subscription);
            }

            return true;
        }

        private static bool IsBlocked(Expected next) => next.Number != 0 && next.Subscription.InFlight >= next.Subscription.Window;
    }
}
