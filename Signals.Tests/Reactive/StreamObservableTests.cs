using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using NUnit.Framework;
using Signals.Reactive;

namespace Signals.Tests.Reactive;

public sealed class StreamObservableTests
{
    [Test]
    public async Task Values_of_a_stream_are_passed_on_and_then_it_completes()
    {
        Channel<int> channel = Channel.CreateUnbounded<int>();
        Task<IList<int>> all = channel.Reader.ReadAllAsync().AsObservable().ToList().ToTask();
        await channel.Writer.WriteAsync(1);
        await channel.Writer.WriteAsync(2);
        channel.Writer.Complete();

        await all.Within("the completion");
        Assert.That(await all, Is.EqualTo([1, 2]));
    }

    [Test]
    public void Each_subscription_enumerates_the_stream_again()
    {
        var stream = new CountedStream();
        IObservable<int> observable = stream.Read().AsObservable();
        var first = new RecordingObserver<int>();
        var second = new RecordingObserver<int>();
        Assert.That(stream.Begun, Is.Zero);
        observable.Subscribe(first);
        observable.Subscribe(second);

        Assert.That(stream.Begun, Is.EqualTo(2));
        Assert.That((first.Completions, second.Completions), Is.EqualTo((0, 0)));
        stream.Release();
        Bounded.Until(() => first.Completions + second.Completions == 2, "both completions");
        Assert.That(first.Values.Concat(second.Values), Is.EqualTo([1, 2, 1, 2]));
    }

    [Test]
    public void R3_an_error_of_the_stream_is_not_replaced_by_that_of_its_disposal([Values] bool streamThrows)
    {
        var ofStream = new InvalidOperationException("stream");
        var ofDisposal = new InvalidOperationException("disposal");
        var observer = new RecordingObserver<int>();
        using var ended = new ManualResetEventSlim();
        observer.OnEnd = ended.Set;
        Fail().AsObservable().Subscribe(observer);
        Bounded.Wait(ended, "the error");

        Assert.That(Thrown.By(observer.Errors.Single()), Is.EqualTo<Exception>(streamThrows ? [ofStream, ofDisposal] : [ofDisposal]));

        IAsyncEnumerable<int> Fail() => new FailingStream(streamThrows ? ofStream : null, ofDisposal);
    }

    [Test]
    public async Task An_exception_of_the_stream_is_an_error_after_its_values()
    {
        var expected = new InvalidOperationException("stream");
        Channel<int> channel = Channel.CreateUnbounded<int>();
        var observer = new RecordingObserver<int>();
        using var ended = new ManualResetEventSlim();
        using IDisposable subscription = channel.Reader.ReadAllAsync().AsObservable().Finally(ended.Set).Subscribe(observer);
        await channel.Writer.WriteAsync(1);
        channel.Writer.Complete(expected);
        Bounded.Wait(ended, "the error");

        Assert.That(observer.Values, Is.EqualTo([1]));
        Assert.That(observer.Errors, Is.EqualTo<Exception>([expected]));
        Assert.That(observer.Completions, Is.Zero);
    }

    [Test]
    public void Disposing_the_subscription_cancels_the_enumeration_and_nothing_follows()
    {
        var stream = new CountedStream();
        var observer = new RecordingObserver<int>();
        IDisposable subscription = stream.Read().AsObservable().Subscribe(observer);
        Assert.That(observer.Values, Is.EqualTo([1]));

        subscription.Dispose();
        subscription.Dispose();
        Bounded.Until(() => stream.Ended == 1, "the end of the enumeration");
        stream.Release();

        Assert.That(stream.Cancelled, Is.EqualTo(1));
        Assert.That((observer.Values.Count, observer.Completions, observer.Errors.Count), Is.EqualTo((1, 0, 0)));
    }

    [Test]
    public void Disposing_the_subscription_inside_a_value_ends_it_even_if_the_stream_ignores_its_token()
    {
        var observer = new RecordingObserver<int>();
        int ended = 0;
        Channel<int> gate = Channel.CreateUnbounded<int>();
        IDisposable subscription = Deaf().AsObservable().Subscribe(observer);
        observer.OnValue = _ => subscription.Dispose();
        Assert.That(gate.Writer.TryWrite(0), Is.True);
        Bounded.Until(() => Volatile.Read(ref ended) == 1, "the end of the enumeration");

        Assert.That(observer.Values, Is.EqualTo([1]));
        Assert.That((observer.Completions, observer.Errors.Count), Is.EqualTo((0, 0)));

        async IAsyncEnumerable<int> Deaf()
        {
            try
            {
                await gate.Reader.ReadAsync();
                yield return 1;
                yield return 2;
            }
            finally
            {
                Volatile.Write(ref ended, 1);
            }
        }
    }

    [Test]
    public void Exception_of_an_observer_ends_the_enumeration_and_is_thrown_on_the_context()
    {
        var context = new ManualContext();
        var expected = new InvalidOperationException("observer");
        var stream = new CountedStream();
        var observer = new RecordingObserver<int> { OnValue = _ => throw expected };
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(context);
        try
        {
            stream.Read().AsObservable().Subscribe(observer);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }

        Assert.That(context.RunOne, Throws.Exception.SameAs(expected));
        Assert.That((stream.Ended, observer.Values.Count, observer.Errors.Count, observer.Completions), Is.EqualTo((1, 1, 0, 0)));
    }

    [Test]
    public void Null_is_refused()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => ((IAsyncEnumerable<int>)null!).AsObservable(), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("stream"));
            Assert.That(
                () => new CountedStream().Read().AsObservable().Subscribe(null!),
                Throws.ArgumentNullException.With.Property("ParamName").EqualTo("observer")
            );
        }
    }

    /// <summary>Produces 1, and then 2 when the test resumes it.</summary>
    private sealed class CountedStream
    {
        private readonly TaskCompletionSource _go = new();

        internal int Begun { get; private set; }

        internal int Ended { get; private set; }

        internal int Cancelled { get; private set; }

        internal void Release() => _go.SetResult();

        internal async IAsyncEnumerable<int> Read([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            Begun++;
            try
            {
                yield return 1;
                await _go.Task.WaitAsync(cancellationToken);
                yield return 2;
            }
            finally
            {
                Cancelled += cancellationToken.IsCancellationRequested ? 1 : 0;
                Ended++;
            }
        }
    }

    /// <summary>Stream without values that throws when it is disposed and, optionally, at its end.</summary>
    private sealed class FailingStream(Exception? ofStream, Exception ofDisposal) : IAsyncEnumerable<int>, IAsyncEnumerator<int>
    {
        public int Current => 0;

        public IAsyncEnumerator<int> GetAsyncEnumerator(CancellationToken cancellationToken = default) => this;

        public ValueTask<bool> MoveNextAsync() => ofStream is null ? new(false) : ValueTask.FromException<bool>(ofStream);

        public ValueTask DisposeAsync() => ValueTask.FromException(ofDisposal);
    }
}
