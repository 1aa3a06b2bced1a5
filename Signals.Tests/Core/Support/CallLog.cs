namespace Signals.Tests.Core;

/// <summary>What the slots of a test did, in order.</summary>
internal sealed class CallLog
{
    private readonly List<object> _calls = [];

    internal int Count => _calls.Count;

    internal void Add(object call) => _calls.Add(call);

    /// <summary>What was logged since this was last asked, as words.</summary>
    internal string Take()
    {
        string calls = string.Join(' ', _calls);
        _calls.Clear();
        return calls;
    }
}
