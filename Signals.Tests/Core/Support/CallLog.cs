namespace Signals.Tests.Core;

/// <summary>Log of the calls of a test's slots, in order. Thread-safe.</summary>
internal sealed class CallLog
{
    private readonly Lock _lock = new();
    private readonly List<object> _calls = [];

    internal int Count
    {
        get
        {
            lock (_lock)
            {
                return _calls.Count;
            }
        }
    }

    internal void Add(object call)
    {
        lock (_lock)
        {
            _calls.Add(call);
        }
    }

    /// <summary>Returns the entries, separated by spaces, and clears the log.</summary>
    internal string Take()
    {
        lock (_lock)
        {
            string calls = string.Join(' ', _calls);
            _calls.Clear();
            return calls;
        }
    }
}
