using System.Collections.Concurrent;
using NUnit.Framework;

namespace Signals.Tests.Support;

/// <summary>The values that other threads hand to a test, which waits for each no longer than it may take.</summary>
internal sealed class Received<T> : IDisposable
{
    private readonly BlockingCollection<T> _all = [];

    internal void Add(T item) => _all.Add(item);

    internal int Count => _all.Count;

    internal T Next()
    {
        Assert.That(_all.TryTake(out T? next, Bounded.Limit), Is.True, $"No {typeof(T).Name} arrived in time.");
        return next!;
    }

    public void Dispose() => _all.Dispose();
}
