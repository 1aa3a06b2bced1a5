using NUnit.Framework;

namespace Signals.Tests.Core;

public sealed class DisposalTests
{
    [Test]
    public void S12_disposing_disconnects_all_and_emitting_does_nothing([Values(0, 1, 2, 70)] int count)
    {
        var crowd = new Crowd(count);
        Assert.That(crowd.Signal.IsDisposed, Is.False);
        crowd.Signal.Dispose();

        Assert.That(crowd.Signal.IsDisposed, Is.True);
        Assert.That(crowd.Signal.ConnectionCount, Is.Zero);
        Assert.That(crowd.Signal.IsEmpty, Is.True);
        Assert.That(crowd.Handles.Any(handle => handle.IsActive || handle.IsBlocked || handle.BelongsTo(crowd.Signal)), Is.False);
        Assert.That(crowd.Emit(), Is.Empty);
    }

    [Test]
    public void S12_disposing_again_and_disconnecting_afterwards_has_no_effect([Values(0, 1, 3)] int count)
    {
        var crowd = new Crowd(count);
        crowd.Signal.Dispose();

        Assert.That(crowd.Signal.Dispose, Throws.Nothing);
        Assert.That(crowd.Signal.DisconnectAll, Throws.Nothing);
        Assert.That(crowd.Signal.TrimExcess, Throws.Nothing);
        Assert.That(() => crowd.Disconnect(_ => true), Throws.Nothing);
        Assert.That(() => crowd.Handles.ForEach(crowd.Signal.Disconnect), Throws.Nothing);
        Assert.That(crowd.Handles.Select(crowd.Signal.IsConnectionBlocked), Is.All.False);
        crowd.Handles.ForEach(handle => Assert.That(() => handle.Block(true), Throws.InvalidOperationException));
        Assert.That(crowd.Signal.IsDisposed, Is.True);
        Assert.That(() => crowd.Connect(1), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void S12_disposing_one_signal_does_not_affect_others()
    {
        var disposed = new Crowd(0);
        var fresh = new Crowd(0);
        disposed.Signal.Dispose();
        new Signal().Dispose();
        fresh.Connect(2);

        Assert.That(fresh.Signal.IsDisposed, Is.False);
        Assert.That(fresh.Emit(), Is.EqualTo([0, 1]));
    }

    [Test]
    public void S12_handler_of_a_disposed_signal_is_not_called_again()
    {
        int handled = 0;
        var signal = new Signal(new SignalOptions { ExceptionHandler = (_, _) => handled++ });
        signal.Connect(() => throw new InvalidOperationException());
        signal.Dispose();
        signal.Emit();

        Assert.That(handled, Is.Zero);
        Assert.That(() => signal.Connect(() => { }), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void S12_observers_complete_once_on_Dispose_and_not_on_DisconnectAll()
    {
        var log = new CallLog();
        var signal = new Signal<int>();
        using IDisposable ended = signal.AsObservable().Subscribe(new Observer(log));
        signal.DisconnectAll();
        Assert.That(log.Take(), Is.Empty);

        using IDisposable completed = signal.AsObservable().Subscribe(new Observer(log));
        signal.Emit(5);
        signal.Dispose();
        signal.Dispose();
        signal.Emit(6);
        Assert.That(log.Take(), Is.EqualTo("5 completed"));
    }

    [Test]
    public void S12_observer_that_throws_on_completion_does_not_prevent_the_completion_of_others()
    {
        var log = new CallLog();
        var first = new InvalidOperationException("first");
        var second = new InvalidOperationException("second");
        var signal = new Signal<int>();
        signal.Connect(_ => { });
        using IDisposable a = signal.AsObservable().Subscribe(new Observer(log, first));
        using IDisposable b = signal.AsObservable().Subscribe(new Observer(log, second));
        using IDisposable c = signal.AsObservable().Subscribe(new Observer(log));
        AggregateException all = Assert.Throws<AggregateException>(signal.Dispose);

        Assert.That(all.InnerExceptions, Is.EqualTo((Exception[])[first, second]));
        Assert.That(log.Take(), Is.EqualTo("completed completed completed"));
        Assert.That(signal.IsDisposed, Is.True);

        var lone = new Signal<int>();
        using IDisposable d = lone.AsObservable().Subscribe(new Observer(log, first));
        Assert.That(lone.Dispose, Throws.Exception.SameAs(first));
        Assert.That(lone.IsEmpty, Is.True);
    }

    [Test]
    public void S12_signal_disposed_in_a_nested_emission_ends_every_emission_around_it_for_single_slots()
    {
        int calls = 0;
        var signal = new Signal<int>();
        signal.Connect(depth =>
        {
            calls++;
            if (depth == 3)
            {
                signal.Dispose();
            }
            else
            {
                signal.Emit(depth + 1);
                signal.Emit(depth + 1);
            }
        });
        signal.Emit(0);

        Assert.That(calls, Is.EqualTo(4));
    }

    private sealed class Observer(CallLog log, Exception? failure = null) : IObserver<int>
    {
        public void OnCompleted()
        {
            log.Add("completed");
            if (failure is not null)
            {
                throw failure;
            }
        }

        public void OnError(Exception error) => log.Add(error);

        public void OnNext(int value) => log.Add(value);
    }
}
