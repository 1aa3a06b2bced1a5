namespace Signals.Tests.Core;

/// <summary>Log of the calls of a test's slots, in order.</summary>
internal sealed class CallLog
{
    private readonly List<object> _calls = [];

    internal int Count => _calls.Count;

    internal void Add(object call) => _calls.Add(call);

    /// <summary>Returns the entries, separated by spaces, and clears the log.</summary>
    internal string Take()
    {
        string calls = string.Join(' ', _calls);
        _calls.Clear();
        return calls;
    }
}
