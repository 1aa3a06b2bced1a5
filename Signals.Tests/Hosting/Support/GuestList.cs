namespace Signals.Tests.Hosting.Support;

/// <summary>The names that a greeter has greeted.</summary>
internal sealed class GuestList
{
    private readonly Lock _lock = new();
    private readonly List<string> _names = [];

    internal string[] Names
    {
        get
        {
            lock (_lock)
            {
                return [.. _names];
            }
        }
    }

    internal int Add(string name)
    {
        lock (_lock)
        {
            _names.Add(name);
            return _names.Count;
        }
    }
}
