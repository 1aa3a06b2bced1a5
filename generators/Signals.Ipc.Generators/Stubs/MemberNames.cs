namespace Signals.Ipc.Generators.Stubs;

/// <summary>The names of a class's members. A name that is taken gets a trailing underscore.</summary>
internal sealed class MemberNames(IEnumerable<string> taken)
{
    private static readonly string[] OfObject = ["Equals", "Finalize", "GetHashCode", "GetType", "MemberwiseClone", "ReferenceEquals", "ToString"];

    private static readonly string[] OfService = ["Descriptor", "Manual", "Stream", "Unary"];

    private static readonly string[] OfProxy =
    [
        "CallAsync",
        "Connected",
        "Disconnected",
        "Dispose",
        "Invoker",
        "IsConnected",
        "PropertyOf",
        "SendAsync",
        "SignalOf",
        "StreamAsync",
    ];

    private readonly HashSet<string> _taken = [.. taken];

    /// <summary>Returns the names in a class that derives from <c>Service</c>.</summary>
    internal static MemberNames InBase(string className) => new([.. OfObject, .. OfService, className]);

    /// <summary>Returns the names in a class that derives from <c>ServiceProxy</c>, and in its interface.</summary>
    internal static MemberNames InProxy(string className, string interfaceName) => new([.. OfObject, .. OfProxy, className, interfaceName]);

    /// <summary>Returns a value that indicates whether a member has the name.</summary>
    internal bool Contains(string name) => _taken.Contains(name);

    /// <summary>Takes a name, with as many underscores as it needs.</summary>
    internal string Take(string name)
    {
        while (!_taken.Add(name))
        {
            name += "_";
        }

        return name;
    }
}
