using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Subjects;

namespace Signals.Benchmarks.Deferred;

/// <summary>A subject whose values Rx delivers on another thread.</summary>
internal sealed class ObservedSubject : IDisposable
{
    private readonly IScheduler _scheduler;
    private readonly Subject<int> _subject = new();
    private readonly IDisposable _subscription;

    internal ObservedSubject(Action<int>[] slots, IScheduler scheduler)
    {
        _scheduler = scheduler;
        _subscription = _subject.ObserveOn(scheduler).Subscribe(value => slots[value & (slots.Length - 1)](value));
    }

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
        (_scheduler as IDisposable)?.Dispose();
    }
}
