using Signals.Ipc.Generators.Support;

namespace Signals.Ipc.Generators.Stubs;

/// <summary>The types that stand for a service.</summary>
/// <param name="WireName">The name in the .proto file.</param>
/// <param name="Index">The position of the service in its file.</param>
/// <param name="Name">The name in C#, which the names of the types begin or end with.</param>
/// <param name="IsPublic">A value that indicates whether the types are public.</param>
/// <param name="Methods">The rpcs in the order of the file.</param>
/// <param name="UserInterface">The user's part of the interface, or null.</param>
/// <param name="UserProxy">The user's part of the proxy, or null.</param>
/// <param name="UserBase">The user's part of the base class, or null.</param>
/// <param name="Comment">The comment in the .proto file, or an empty text.</param>
internal sealed record ServiceStub(
    string WireName,
    int Index,
    string Name,
    bool IsPublic,
    EquatableArray<MethodStub> Methods,
    UserType? UserInterface,
    UserType? UserProxy,
    UserType? UserBase,
    string Comment
)
{
    internal string InterfaceName => "I" + Name;

    internal string ProxyName => Name + "Proxy";

    internal string BaseName => Name + "Base";

    /// <summary>Gets the names of the types.</summary>
    internal IEnumerable<string> StubNames => [InterfaceName, ProxyName, BaseName];
}
