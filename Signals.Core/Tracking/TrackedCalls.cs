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
        TraceScope scope = connection.Begin();
        try
        {
            Unsafe.As<Action>(connection.Slot)();
        }
        finally
        {
            scope.End();
        }
    }

    internal static void Call<T>(this TrackedConnection connection, T value)
    {
        TraceScope scope = connection.Begin();
        try
        {
            Unsafe.As<Action<T>>(connection.Slot)(value);
        }
        finally
        {
            scope.End();
        }
    }

    internal static void Call<T1, T2>(this TrackedConnection connection, T1 value1, T2 value2)
    {
        TraceScope scope = connection.Begin();
        try
        {
            Unsafe.As<Action<T1, T2>>(connection.Slot)(value1, value2);
        }
        finally
        {
            scope.End();
        }
    }

    internal static void Call<T1, T2, T3>(this TrackedConnection connection, T1 value1, T2 value2, T3 value3)
    {
        TraceScope scope = connection.Begin();
        try
        {
            Unsafe.As<Action<T1, T2, T3>>(connection.Slot)(value1, value2, value3);
        }
        finally
        {
            scope.End();
        }
    }

    internal static void Call<T1, T2, T3, T4>(this TrackedConnection connection, T1 value1, T2 value2, T3 value3, T4 value4)
    {
        TraceScope scope = connection.Begin();
        try
        {
            Unsafe.As<Action<T1, T2, T3, T4>>(connection.Slot)(value1, value2, value3, value4);
        }
        finally
        {
            scope.End();
        }
    }

    internal static TResult Ask<T, TResult>(this TrackedConnection connection, T value)
    {
        TraceScope scope = connection.Begin();
        try
        {
            return Unsafe.As<Func<T, TResult>>(connection.Slot)(value);
        }
        finally
        {
            scope.End();
        }
    }

    internal static ValueTask<TResult> AskAsync<T, TResult>(this TrackedConnection connection, T value, CancellationToken cancellationToken)
    {
        TraceScope scope = connection.Begin();
        try
        {
            return Unsafe.As<Func<T, CancellationToken, ValueTask<TResult>>>(connection.Slot)(value, cancellationToken);
        }
        finally
        {
            scope.End();
        }
    }
}
