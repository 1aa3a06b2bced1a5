using System.Reflection;

namespace Signals;

/// <summary>Returns names of types and slots for messages, in C# notation.</summary>
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

        // A type that is nested in a generic type has type arguments, but no tick in its name.
        int tick = type.Name.IndexOf('`', StringComparison.Ordinal);
        string name = tick < 0 ? type.Name : type.Name[..tick];
        return $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>";
    }

    /// <summary>
    /// Returns the name of the user's slot behind a delegate as "Type.Method". A lambda has the name of the method that contains it.
    /// </summary>
    internal static string Of(Delegate slot)
    {
        MethodInfo method = UserSlot(slot).Method;
        Type? type = method.DeclaringType;
        while (type is { DeclaringType: { } outer } && type.Name.StartsWith('<'))
        {
            // A class that the compiler generated for the captured variables of a lambda.
            type = outer;
        }

        // The method of top-level statements is named "<Main>$", so a lambda in it has a name with two brackets.
        string name = method.Name.Replace("<<Main>$>", "<Main>", StringComparison.Ordinal);
        int end = name.IndexOf('>', StringComparison.Ordinal);
        if (name.StartsWith('<') && end > 1)
        {
            name = $"{name[1..end]} (lambda)";
        }

        return type is null ? name : $"{Of(type)}.{name}";
    }

    /// <summary>
    /// Returns the delegate that the user connected, if a delegate of the library calls it, and otherwise the specified one.
    /// </summary>
    internal static Delegate UserSlot(Delegate slot)
    {
        slot = TrackedConnection.SlotOf(slot);
        return slot.Target switch
        {
            SlotAdapter adapter => adapter.UserSlot,
            Action dropping when slot.Method.DeclaringType == typeof(SlotCalls) => dropping,
            _ => slot,
        };
    }

    /// <summary>Returns the kind of connection of a slot.</summary>
    internal static ConnectionKind Kind(Delegate slot)
    {
        slot = TrackedConnection.SlotOf(slot);
        return slot.Target switch
        {
            SlotAdapter adapter => adapter.Kind,
            Action when UserSlot(slot) != slot => ConnectionKind.ArgumentDropping,
            _ => ConnectionKind.Plain,
        };
    }
}
