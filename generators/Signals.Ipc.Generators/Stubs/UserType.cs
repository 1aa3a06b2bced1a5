using Signals.Ipc.Generators.Support;

namespace Signals.Ipc.Generators.Stubs;

/// <summary>A type of the user that has the name of a stub.</summary>
/// <param name="IsPartial">A value that indicates whether the type can be completed. Otherwise, nothing is generated.</param>
/// <param name="IsSealed">A value that indicates whether the class is sealed.</param>
/// <param name="HasBase">A value that indicates whether the class names its base class.</param>
/// <param name="HasConstructor">A value that indicates whether the class has a parameterless or a primary constructor.</param>
/// <param name="Members">The methods as <see cref="StubWriter.SignatureOf"/> returns them, and the names of the other members.</param>
internal sealed record UserType(bool IsPartial, bool IsSealed, bool HasBase, bool HasConstructor, EquatableArray<string> Members);
