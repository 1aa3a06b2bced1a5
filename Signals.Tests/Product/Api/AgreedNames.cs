namespace Signals.Tests.Product.Api;

/// <summary>A program that uses every public name.</summary>
internal static class AgreedNames
{
    internal const string Program = """
        using System.Reactive;
        using System.Reactive.Concurrency;
        using System.Reactive.Linq;
        using System.Reactive.Subjects;
        using Signals.Reactive;

        int calls = 0;
        var log = new List<string>();

        // GenIndex and GenIndexArray<T>
        {
            GenIndex none = default;
            uint index = none.Index;
            uint generation = none.Generation;
            Use(new GenIndex(index, generation) == none);
            var array = new GenIndexArray<string>();
            GenIndex inserted = array.Insert("one");
            ref string value = ref array[inserted];
            value = "two";
            Use(array.TryGet(inserted, out string? found) && found == "two" && array.IsLive(inserted));
            foreach ((GenIndex at, string item) in array)
            {
                Use(at == inserted && item == "two");
            }

            Use(array.Count == 1 && array.Capacity >= 1 && array.Erase(inserted));
            array.Clear();
            array.TrimExcess();
        }

        // Signal
        {
            using var evaluator = new ConnectionEvaluator();
            using Signal signal = new();
            using Signal target = new(new SignalOptions());
            ISignal shown = signal;
            ConnectionHandle[] handles =
            [
                shown.Connect(() => calls++),
                shown.Connect(log, static (state) => state.Add("state")),
                shown.ConnectReflective((handle) => handle.Disconnect()),
                shown.ConnectSingleShot(() => calls++),
                shown.ConnectDeferred(evaluator, () => calls++),
                shown.ConnectDeferredReflective(evaluator, (handle) => handle.Disconnect()),
                shown.ConnectDeferredSingleShot(evaluator, () => calls++),
                shown.ConnectWeak(log, static (state) => state.Add("weak")),
                signal.Connect(target),
            ];
            signal.Emit();
            evaluator.EvaluateDeferredConnections();
            foreach (ConnectionHandle handle in handles)
            {
                Use(handle);
            }
        }

        // Signal<string>
        {
            using var evaluator = new ConnectionEvaluator();
            using Signal<string> signal = new();
            using Signal<string> target = new(new SignalOptions());
            ISignal<string> shown = signal;
            ISignal<object> covariant = shown;
            Use(covariant.Connect((object x1) => { }));
            ConnectionHandle[] handles =
            [
                shown.Connect((x1) => calls++),
                shown.Connect(() => calls++),
                shown.Connect(log, static (state, x1) => state.Add("state")),
                shown.ConnectReflective((handle, x1) => handle.Disconnect()),
                shown.ConnectSingleShot((x1) => calls++),
                shown.ConnectDeferred(evaluator, (x1) => calls++),
                shown.ConnectDeferredReflective(evaluator, (handle, x1) => handle.Disconnect()),
                shown.ConnectDeferredSingleShot(evaluator, (x1) => calls++),
                shown.ConnectWeak(log, static (state, x1) => state.Add("weak")),
                signal.Connect(target),
            ];
            signal.Emit("text");
            evaluator.EvaluateDeferredConnections();
            foreach (ConnectionHandle handle in handles)
            {
                Use(handle);
            }
        }

        // Signal<int, int>
        {
            using var evaluator = new ConnectionEvaluator();
            using Signal<int, int> signal = new();
            using Signal<int, int> target = new(new SignalOptions());
            ISignal<int, int> shown = signal;
            ConnectionHandle[] handles =
            [
                shown.Connect((x1, x2) => calls++),
                shown.Connect(() => calls++),
                shown.Connect(log, static (state, x1, x2) => state.Add("state")),
                shown.ConnectReflective((handle, x1, x2) => handle.Disconnect()),
                shown.ConnectSingleShot((x1, x2) => calls++),
                shown.ConnectDeferred(evaluator, (x1, x2) => calls++),
                shown.ConnectDeferredReflective(evaluator, (handle, x1, x2) => handle.Disconnect()),
                shown.ConnectDeferredSingleShot(evaluator, (x1, x2) => calls++),
                shown.ConnectWeak(log, static (state, x1, x2) => state.Add("weak")),
                signal.Connect(target),
            ];
            signal.Emit(1, 2);
            evaluator.EvaluateDeferredConnections();
            foreach (ConnectionHandle handle in handles)
            {
                Use(handle);
            }
        }

        // Signal<int, int, int>
        {
            using var evaluator = new ConnectionEvaluator();
            using Signal<int, int, int> signal = new();
            using Signal<int, int, int> target = new(new SignalOptions());
            ISignal<int, int, int> shown = signal;
            ConnectionHandle[] handles =
            [
                shown.Connect((x1, x2, x3) => calls++),
                shown.Connect(() => calls++),
                shown.Connect(log, static (state, x1, x2, x3) => state.Add("state")),
                shown.ConnectReflective((handle, x1, x2, x3) => handle.Disconnect()),
                shown.ConnectSingleShot((x1, x2, x3) => calls++),
                shown.ConnectDeferred(evaluator, (x1, x2, x3) => calls++),
                shown.ConnectDeferredReflective(evaluator, (handle, x1, x2, x3) => handle.Disconnect()),
                shown.ConnectDeferredSingleShot(evaluator, (x1, x2, x3) => calls++),
                shown.ConnectWeak(log, static (state, x1, x2, x3) => state.Add("weak")),
                signal.Connect(target),
            ];
            signal.Emit(1, 2, 3);
            evaluator.EvaluateDeferredConnections();
            foreach (ConnectionHandle handle in handles)
            {
                Use(handle);
            }
        }

        // Signal<int, int, int, int>
        {
            using var evaluator = new ConnectionEvaluator();
            using Signal<int, int, int, int> signal = new();
            using Signal<int, int, int, int> target = new(new SignalOptions());
            ISignal<int, int, int, int> shown = signal;
            ConnectionHandle[] handles =
            [
                shown.Connect((x1, x2, x3, x4) => calls++),
                shown.Connect(() => calls++),
                shown.Connect(log, static (state, x1, x2, x3, x4) => state.Add("state")),
                shown.ConnectReflective((handle, x1, x2, x3, x4) => handle.Disconnect()),
                shown.ConnectSingleShot((x1, x2, x3, x4) => calls++),
                shown.ConnectDeferred(evaluator, (x1, x2, x3, x4) => calls++),
                shown.ConnectDeferredReflective(evaluator, (handle, x1, x2, x3, x4) => handle.Disconnect()),
                shown.ConnectDeferredSingleShot(evaluator, (x1, x2, x3, x4) => calls++),
                shown.ConnectWeak(log, static (state, x1, x2, x3, x4) => state.Add("weak")),
                signal.Connect(target),
            ];
            signal.Emit(1, 2, 3, 4);
            evaluator.EvaluateDeferredConnections();
            foreach (ConnectionHandle handle in handles)
            {
                Use(handle);
            }
        }

        // SignalBase
        {
            var signal = new Signal<int>();
            SignalBase known = signal;
            ConnectionHandle handle = signal.Connect(x => { });
            Use(known.ConnectionCount == 1 && !known.IsEmpty && !known.IsDisposed);
            Use(!known.BlockConnection(handle, true) && known.IsConnectionBlocked(handle));
            known.Disconnect(handle);
            known.DisconnectAll();
            known.Dispose();
            using IDisposable disposable = known;
        }

        // ConnectionHandle, ScopedConnection, ConnectionBlocker and ConnectionGroup
        {
            using var signal = new Signal<int>();
            ConnectionHandle handle = signal.Connect(x => calls++);
            IEquatable<ConnectionHandle> equatable = handle;
            using IDisposable disposable = handle;
            Use(handle.IsActive && !handle.IsBlocked && handle.BelongsTo(signal) && equatable.Equals(handle) && !handle.Block(false));
            using (var blocker = new ConnectionBlocker(handle))
            {
                Use(handle.IsBlocked);
            }

            using var group = new ConnectionGroup();
            group.Add(handle);
            handle.AddTo(group);
            Use(group.Count > 0);
            group.DisconnectAll();
            handle.Disconnect();

            using var empty = new ScopedConnection();
            using var owner = new ScopedConnection(signal.Connect(x => { }));
            using ScopedConnection converted = signal.Connect(x => { });
            empty.Handle = owner.Release();
            ConnectionHandle owned = empty.Handle;
            Use(owned.IsActive);
        }

        // ConnectionEvaluator and its kinds
        {
            using var pumped = new CountingEvaluator();
            using var onContext = new SynchronizationContextEvaluator(new SynchronizationContext());
            using var onThread = new ThreadEvaluator();
            using var onNamedThread = new ThreadEvaluator("name");
            using var onPool = new ThreadPoolEvaluator();
            ConnectionEvaluator[] evaluators = [pumped, onContext, onThread, onNamedThread, onPool];
            using var signal = new Signal();
            signal.ConnectDeferred(pumped, () => calls++);
            signal.Emit();
            ValueTask waiting = pumped.WaitForInvocationsAsync(CancellationToken.None);
            await waiting;
            await pumped.WaitForInvocationsAsync();
            int pending = pumped.PendingCount;
            int run = pumped.EvaluateDeferredConnections();
            Use(evaluators.Length == 5 && pending == 1 && run == 1 && pumped.Added == 1);
        }

        // SignalOptions and SlotExceptionPolicy
        {
            var options = new SignalOptions
            {
                ExceptionPolicy = SlotExceptionPolicy.StopAtFirst,
                ExceptionHandler = (Exception exception, ConnectionHandle handle) => log.Add(exception.Message),
            };
            Use(options.ExceptionPolicy != SlotExceptionPolicy.RunAllThenThrow && options.ExceptionHandler is not null);
        }

        // SignalObservable
        {
            using var signal = new Signal<int>();
            using var target = new Signal<int>();
            IObservable<int> observable = signal.AsObservable();
            IObservable<(int, int)> pairs = new Signal<int, int>().AsObservable();
            IObservable<(int, int, int)> triples = new Signal<int, int, int>().AsObservable();
            IObservable<(int, int, int, int)> quadruples = new Signal<int, int, int, int>().AsObservable();
            using IDisposable subscription = observable.ConnectTo(target);
            Use(pairs is not null && triples is not null && quadruples is not null);
        }

        // Signals.Ipc
        {
            IpcEndpoint file = IpcEndpoint.Parse("/tmp/x.sock");
            IpcEndpoint @abstract = IpcEndpoint.Parse("@abstract");
            IpcEndpoint tcp = IpcEndpoint.Parse("127.0.0.1:8080");
            Use(file != @abstract && @abstract != tcp);
            await using var client = new IpcClient(file);
            await using var host = new IpcHost();
            using ServiceProxy proxy = new GreeterProxy();
            Service service = new GreeterService();
            IAsyncDisposable[] ended = [client, host];
            IDisposable endedAtOnce = proxy;
            Use(ended.Length == 2 && endedAtOnce is not null && service is not null);
        }

        // Signals.Reactive
        {
            using var evaluator = new ConnectionEvaluator();
            var scheduler = new EvaluatorScheduler(evaluator, TimeProvider.System);
            IScheduler shown = evaluator.ToScheduler();
            ISchedulerPeriodic periodic = scheduler;
            using Signal<int> signal = new();
            using Signal<int> target = new();
            using var none = new Signal();
            IObservable<Unit> units = none.AsObservable();
            using IDisposable subscription = signal.AsObservable().SubscribeOn(evaluator).ObserveOn(evaluator).Where(x => x > 0).ConnectTo(target);
            using SubscribedSignal<int> subscribed = signal.AsObservable().ToSignal();
            ISubject<int> subject = signal.AsSubject();
            await using var client = new IpcClient(IpcEndpoint.Parse("/tmp/x.sock"));
            IObservable<Unit> connected = client.Connected.AsObservable();
            IObservable<DisconnectReason> disconnected = client.Disconnected.AsObservable();
            IObservable<GreeterReplyMsg> stream = new GreeterProxy().WatchGreetingsAsync(new GreeterRequestMsg()).AsObservable();
            Use(shown.Now > DateTimeOffset.MinValue && periodic is not null && units is not null && subject is not null);
            Use(connected is not null && disconnected is not null && stream is not null);
        }

        Console.WriteLine("used");

        static void Use(object value) => ArgumentNullException.ThrowIfNull(value);

        sealed class CountingEvaluator : ConnectionEvaluator
        {
            public int Added { get; private set; }

            protected override void OnInvocationAdded() => Added++;
        }
        """;
}
