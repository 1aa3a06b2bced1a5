using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Subjects;

namespace Signals.Benchmarks.Deferred;

/// <summary>A subject whose values Rx delivers on another thread.</summary>
internal sealed class ObservedSubject : IDisposable
{
    private readonly EventLoopScheduler _scheduler = new();
    private readonly Subject<int> _subject = new();
    private readonly IDisposable _subscription;

    internal ObservedSubject(Action<int>[] slots) =>
        _subscription = _subject.ObserveOn(_scheduler).Subscribe(value => slots[value & (slots.Length - 1)](value));

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
        _scheduler.Dispose();
    }
}
