using Signals;

namespace FolderWatch;

/// <summary>Emits a signal periodically, on the thread pool.</summary>
internal sealed class Ticker : IDisposable
{
    private readonly Signal _ticked = new();
    private readonly ITimer _timer;

    internal Ticker(TimeSpan period, TimeProvider clock) => _timer = clock.CreateTimer(_ => _ticked.Emit(), null, period, period);

    internal ISignal Ticked => _ticked;

    public void Dispose()
    {
        _timer.Dispose();
        _ticked.Dispose();
    }
}
