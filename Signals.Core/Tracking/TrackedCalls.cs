using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>
/// Methods of the delegates that signals call instead of slots while the tracker is supported. They are extension methods, because a delegate of an
/// extension method is bound to its receiver without a further object.
/// </summary>
internal static class TrackedCalls
{
    internal static void Call(this TrackedConnection connection)
    {
        connection.Count();
        Unsafe.As<Action>(connection.Slot)();
    }

    internal static void Call<T>(this TrackedConnection connection, T value)
    {
        connection.Count();
        Unsafe.As<Action<T>>(connection.Slot)(value);
    }

    internal static void Call<T1, T2>(this TrackedConnection connection, T1 value1, T2 value2)
    {
        connection.Count();
        Unsafe.As<Action<T1, T2>>(connection.Slot)(value1, value2);
    }

    internal static void Call<T1, T2, T3>(this TrackedConnection connection, T1 value1, T2 value2, T3 value3)
    {
        connection.Count();
        Unsafe.As<Action<T1, T2, T3>>(connection.Slot)(value1, value2, value3);
    }

    internal static void Call<T1, T2, T3, T4>(this TrackedConnection connection, T1 value1, T2 value2, T3 value3, T4 value4)
    {
        connection.Count();
        Unsafe.As<Action<T1, T2, T3, T4>>(connection.Slot)(value1, value2, value3, value4);
    }

    internal static TResult Ask<T, TResult>(this TrackedConnection connection, T value)
    {
        connection.Count();
        return Unsafe.As<Func<T, TResult>>(connection.Slot)(value);
    }

    internal static ValueTask<TResult> AskAsync<T, TResult>(this TrackedConnection connection, T value, CancellationToken cancellationToken)
    {
        connection.Count();
        return Unsafe.As<Func<T, CancellationToken, ValueTask<TResult>>>(connection.Slot)(value, cancellationToken);
    }
}
