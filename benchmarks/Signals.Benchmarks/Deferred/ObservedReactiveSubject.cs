using R3;

namespace Signals.Benchmarks.Deferred;

/// <summary>A subject of R3 whose values are delivered on the thread pool.</summary>
internal sealed class ObservedReactiveSubject : IDisposable
{
    private readonly Subject<int> _subject = new();
    private readonly IDisposable _subscription;

    internal ObservedReactiveSubject(Action<int>[] slots) =>
        _subscription = _subject.ObserveOnThreadPool().Subscribe(value => slots[value & (slots.Length - 1)](value));

    internal void Emit(int times)
    {
        for (int i = 0; i < times; i++)
        {
            _subject.OnNext(i);
        }
    }

    public void Dispose()
    {
        _subscription.Dispose();
        _subject.Dispose();
    }
}
