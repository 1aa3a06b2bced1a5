using System.Diagnostics;
using System.Globalization;
using Google.Protobuf;
using Signals.Nats;
using Signals.Nats.Exporting;
using Signals.Nats.Wire;
using Signals.Remote;

namespace Signals.Tests.Nats;

/// <summary>
/// The exporter's end as it is, with a model of NATS and importers that follow the protocol, on a test clock. It tells what an exporter, the subjects and
/// the control messages cost with many importers. See docs/nats.md.
/// </summary>
internal sealed class ScaleSimulation : ISignalExporter, IDisposable
{
    private const ulong Exporter = ulong.MaxValue;
    private const int SecondsOfLease = 10;

    private readonly FakeTime _time = new();
    private readonly ConnectionEvaluator _evaluator = new();
    private readonly NatsExports _end;
    private readonly ModelPort _port;
    private readonly SerialQueue _work = new(static exception => throw exception);
    private readonly Signal<long>[] _signals;
    private readonly ExportedSignal[] _exported;
    private readonly string _requests;
    private readonly List<ModelImporter> _importers = [];
    private readonly Dictionary<string, int> _replies = [];
    private readonly TextWriter _output;
    private long _heartbeatCount;
    private long _emissionCount;

    internal ScaleSimulation(int signals, TextWriter output)
    {
        _output = output;
        var subjects = new Subjects("s");
        _requests = subjects.RequestsTo(Exporter);
        _port = new ModelPort(Deliver);
        Exports = new RemoteExports(RemoteCapabilities.ManyExporters, _evaluator, _time, () => _end!.Start());
        _end = new NatsExports(Exports, _port, subjects, _work, new NatsExchangeOptions { TimeProvider = _time, MaxImporters = int.MaxValue }, Exporter);
        _end.OnOpened(1024 * 1024);
        _signals = [.. Enumerable.Range(0, signals).Select(static _ => new Signal<long>())];
        _exported = [.. _signals.Select((signal, i) => this.Export($"n.{i}", signal))];
    }

    public RemoteExports Exports { get; }

    /// <summary>Gets the number of subscriptions that the exporter has.</summary>
    internal int SubscriberCount => _exported.Sum(static export => export.SubscriberCount);

    internal int LiveCount => _importers.Count(static importer => importer.IsLive);

    /// <summary>Adds importers of one signal each, evenly in a number of seconds.</summary>
    internal void Add(int count, int seconds) =>
        Run(
            $"{count:N0} importers begin within {seconds} s",
            seconds,
            second =>
            {
                for (int i = count * second / seconds; i < count * (second + 1) / seconds; i++)
                {
                    Begin();
                }
            }
        );

    /// <summary>Replaces importers by others, evenly in a number of seconds: their processes are killed and started again.</summary>
    internal void Restart(int count, int seconds)
    {
        Run(
            $"{count:N0} of them are killed and started again within {seconds} s",
            seconds,
            second =>
            {
                for (int i = count * second / seconds; i < count * (second + 1) / seconds; i++)
                {
                    _replies.Remove(_importers[i].Replies);
                    _importers[i] = new ModelImporter(
                        (ulong)(_importers.Count + _replies.Count + (100_000_000L * (second + 1)) + i),
                        i,
                        _signals.Length,
                        second
                    );
                    _replies.Add(_importers[i].Replies, i);
                    Send(_importers[i].Subscribe());
                }
            }
        );
    }

    /// <summary>Lets all be as they are.</summary>
    internal void Idle(int seconds) => Run($"{seconds} s without a change", seconds, static _ => { });

    /// <summary>Emits each signal once.</summary>
    internal void Emit()
    {
        long before = _emissionCount;
        long start = Stopwatch.GetTimestamp();
        foreach (Signal<long> signal in _signals)
        {
            signal.Emit(1);
        }

        Pump();
        _output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"each of {_signals.Length:N0} signals is emitted once: {_emissionCount - before:N0} messages for {SubscriberCount:N0} subscriptions, {Stopwatch.GetElapsedTime(start).TotalMilliseconds:N1} ms at the exporter"
            )
        );
    }

    public void Dispose()
    {
        Exports.Dispose();
        Array.ForEach(_signals, static signal => signal.Dispose());
        _evaluator.Dispose();
    }

    private void Begin()
    {
        var importer = new ModelImporter((ulong)_importers.Count + 1, _importers.Count, _signals.Length, _importers.Count);
        _replies.Add(importer.Replies, _importers.Count);
        _importers.Add(importer);
        Send(importer.Subscribe());
    }

    private void Run(string what, int seconds, Action<int> act)
    {
        long memory = GC.GetTotalMemory(forceFullCollection: true);
        (long sent, long sentBytes, long received, long receivedBytes) = (_port.SentCount, _port.SentBytes, _port.ReceivedCount, _port.ReceivedBytes);
        long heartbeats = _heartbeatCount;
        TimeSpan processor = Process.GetCurrentProcess().TotalProcessorTime;
        for (int second = 0; second < seconds; second++)
        {
            act(second);
            foreach (ModelImporter importer in _importers)
            {
                if (importer.IsLive && importer.IsDue(second, SecondsOfLease))
                {
                    Send(importer.Renew());
                }
            }

            Pump();
            _time.Advance(TimeSpan.FromSeconds(1));
            if (second % 2 == 1)
            {
                _end.Tick();
            }

            Pump();
        }

        double used = (Process.GetCurrentProcess().TotalProcessorTime - processor).TotalSeconds;
        memory = GC.GetTotalMemory(forceFullCollection: true) - memory;
        heartbeats = _heartbeatCount - heartbeats;
        _output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                {what}:
                  {SubscriberCount:N0} subscriptions, {LiveCount:N0} live; {memory / 1_000_000.0:N0} MB more
                  the exporter receives {(_port.ReceivedCount - received) / (double)seconds:N0} messages/s ({(_port.ReceivedBytes - receivedBytes)
                    / 1000.0
                    / seconds:N0} kB/s) and sends {(_port.SentCount - sent) / (double)seconds:N0}/s ({(_port.SentBytes - sentBytes)
                    / 1000.0
                    / seconds:N0} kB/s)
                  its {heartbeats} heartbeats are {heartbeats
                    * (double)_importers.Count
                    / seconds:N0} deliveries/s at the servers; {used:N1} s of processor time, with the model
                """
            )
        );
    }

    /// <summary>Lets the exporter handle and send everything.</summary>
    private void Pump()
    {
        bool hasSent;
        do
        {
            using var handled = new ManualResetEventSlim();
            _work.Add(handled.Set);
            Bounded.Wait(handled, "the exporter");
            hasSent = _port.SendQueued();
            while (_end.PublishNextAsync().AsTask().GetAwaiter().GetResult())
            {
                hasSent = true;
            }
        } while (hasSent);
    }

    private void Send(Request request)
    {
        _port.Receive(_requests, request.ToByteArray());
        if (_port.ReceivedCount % 10_000 == 0)
        {
            Pump();
        }
    }

    private void Deliver(string subject, ReadOnlyMemory<byte> message)
    {
        if (subject.StartsWith("s.v.", StringComparison.Ordinal))
        {
            _emissionCount++;
        }
        else if (!_replies.TryGetValue(subject, out int importer))
        {
            // A heartbeat, or a reply to an importer that is gone.
            _heartbeatCount += subject == "s.c.heartbeat" ? 1 : 0;
        }
        else if (!_importers[importer].TryHandle(Reply.Parser.ParseFrom(message.Span)))
        {
            throw new InvalidOperationException("A reply is missing.");
        }
    }
}
