using System.Diagnostics.CodeAnalysis;

namespace Signals;

/// <summary>Names of types and slots for messages, as a C# programmer writes them.</summary>
internal static class TypeNames
{
    internal static string Of(Type type)
    {
        if (type.IsArray)
        {
            return $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        }

        if (!type.IsGenericType)
        {
            return type.Name;
        }

        // A type nested in a generic one has its arguments without a tick in its name.
        int tick = type.Name.IndexOf('`', StringComparison.Ordinal);
        string name = tick < 0 ? type.Name : type.Name[..tick];
        return $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>";
    }

    /// <summary>The user's slot behind a delegate, as "Type.Method".</summary>
    [UnconditionalSuppressMessage(
        "Trimming",
        "IL2026",
        Justification = "Only the name is shown, and where the method's metadata has been trimmed the type's name stands alone."
    )]
    internal static string Of(Delegate slot)
    {
        Delegate user = UserSlot(slot);
        string? type = user.Method.DeclaringType is { } declaring ? Of(declaring) : null;
        return type is null ? user.Method.Name : $"{type}.{user.Method.Name}";
    }

    /// <summary>What the user connected, where a delegate of the library stands before it.</summary>
    internal static Delegate UserSlot(Delegate slot) =>
        slot.Target switch
        {
            SlotAdapter adapter => adapter.UserSlot,
            Action dropping when slot.Method.DeclaringType == typeof(SlotCalls) => dropping,
            _ => slot,
        };

    /// <summary>Which kind of connection a slot makes.</summary>
    internal static ConnectionKind Kind(Delegate slot) =>
        slot.Target switch
        {
            SlotAdapter adapter => adapter.Kind,
            SignalBase => ConnectionKind.Chained,
            Action when UserSlot(slot) != slot => ConnectionKind.ArgumentDropping,
            _ => ConnectionKind.Plain,
        };
}
