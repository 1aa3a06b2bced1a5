using System.Reactive.Subjects;

namespace Signals.Benchmarks.Publishers;

internal readonly struct SubjectPublisher<T>(Subject<T> subject) : IPublisher<SubjectPublisher<T>, Subscription, T>
{
    public static PeerKind Kind => PeerKind.Rx;

    public static bool NeedsHandle => true;

    public static SubjectPublisher<T> Create() => new(new Subject<T>());

    public void Emit(T value) => subject.OnNext(value);

    public Subscription Connect(Action<T> slot) => new(subject.Subscribe(slot));

    public void Disconnect(Subscription handle) => handle.Disposable.Dispose();
}

/// <summary>A struct around the reference, so that the loops are compiled separately for this peer, as for the others.</summary>
internal readonly record struct Subscription(IDisposable Disposable);
