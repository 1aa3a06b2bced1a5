using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Signals.Ipc;

namespace Signals.Tests.Ipc.Support;

/// <summary>
/// Code of a user that a client calls, and that asks the client something from another thread each time: that only gets a reply where no lock of the client
/// is held.
/// </summary>
internal sealed class Asking : TimeProvider, ILogger
{
    private readonly ConcurrentQueue<string> _stuck = new();
    private int _count;

    /// <summary>The client to use.</summary>
    internal IpcClient? Client { get; set; }

    /// <summary>Gets the number of times that the client has called.</summary>
    internal int Count => Volatile.Read(ref _count);

    /// <summary>Gets the stack traces of the calls that the client made while it held a lock.</summary>
    internal IReadOnlyCollection<string> Stuck => _stuck;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Ask();

    public override long GetTimestamp()
    {
        Ask();
        return base.GetTimestamp();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Ask();
        return new AskingTimer(this, base.CreateTimer(callback, state, dueTime, period));
    }

    internal void Ask()
    {
        if (Client is not { } client)
        {
            return;
        }

        Interlocked.Increment(ref _count);
        var thread = new Thread(() => _ = (client.IsConnected, client.PendingCalls)) { IsBackground = true };
        thread.Start();
        if (!thread.Join(Bounded.Limit))
        {
            _stuck.Enqueue(new StackTrace().ToString());
        }
    }

    private sealed class AskingTimer(Asking asking, ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            asking.Ask();
            return timer.Change(dueTime, period);
        }

        public void Dispose()
        {
            asking.Ask();
            timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
