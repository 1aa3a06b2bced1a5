using System.Reflection;

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

    /// <summary>The user's slot behind a delegate, as "Type.Method"; a lambda is named after the method that it is written in.</summary>
    internal static string Of(Delegate slot)
    {
        MethodInfo method = UserSlot(slot).Method;
        Type? type = method.DeclaringType;
        while (type is { DeclaringType: { } outer } && type.Name.StartsWith('<'))
        {
            // A class that the compiler made for the lambda's captures.
            type = outer;
        }

        string name = method.Name;
        int end = name.IndexOf('>', StringComparison.Ordinal);
        if (name.StartsWith('<') && end > 1)
        {
            name = $"{name[1..end]} (lambda)";
        }

        return type is null ? name : $"{Of(type)}.{name}";
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
            Action when UserSlot(slot) != slot => ConnectionKind.ArgumentDropping,
            _ => ConnectionKind.Plain,
        };
}
