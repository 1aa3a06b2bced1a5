using R3;

namespace Signals.Benchmarks.Publishers;

/// <summary>A subject of R3.</summary>
internal readonly struct ReactiveSubjectPublisher<T>(Subject<T> subject) : IPublisher<ReactiveSubjectPublisher<T>, Subscription, T>
{
    public static PeerKind Kind => PeerKind.R3;

    public static bool NeedsHandle => true;

    public static ReactiveSubjectPublisher<T> Create() => new(new Subject<T>());

    public void Emit(T value) => subject.OnNext(value);

    public Subscription Connect(Action<T> slot) => new(subject.Subscribe(slot));

    public void Disconnect(Subscription handle) => handle.Disposable.Dispose();
}
