using System.Runtime.CompilerServices;
using Signals.Benchmarks.Publishers;

namespace Signals.Benchmarks;

/// <summary>The measured loops. Each is compiled separately for every peer, because peers are structs.</summary>
internal static class Loops
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Emit<TEmitter, T>(TEmitter emitter, int times)
        where TEmitter : struct, IEmitter<T>
        where T : struct
    {
        for (int i = 0; i < times; i++)
        {
            emitter.Emit(default);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Emit<TEmission>(TEmission emission, int times)
        where TEmission : struct, IEmission
    {
        for (int i = 0; i < times; i++)
        {
            emission.Emit();
        }
    }

    /// <summary>Connects all slots to each publisher, and keeps the handles.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Connect<TPublisher, THandle, T>(TPublisher[] publishers, Action<T>[] slots, THandle[] handles)
        where TPublisher : struct, IPublisher<TPublisher, THandle, T>
        where THandle : struct
    {
        int next = 0;
        foreach (TPublisher publisher in publishers)
        {
            foreach (Action<T> slot in slots)
            {
                handles[next] = publisher.Connect(slot);
                next++;
            }
        }
    }

    /// <summary>Disconnects the handles of each publisher, in the order of the array.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Disconnect<TPublisher, THandle, T>(TPublisher[] publishers, THandle[] handles)
        where TPublisher : struct, IPublisher<TPublisher, THandle, T>
        where THandle : struct
    {
        int share = handles.Length / publishers.Length;
        int next = 0;
        foreach (TPublisher publisher in publishers)
        {
            for (int end = next + share; next < end; next++)
            {
                publisher.Disconnect(handles[next]);
            }
        }
    }

    /// <summary>Connects and disconnects, one slot after the other.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void ConnectAndDisconnect<TPublisher, THandle, T>(TPublisher publisher, Action<T>[] slots, int times)
        where TPublisher : struct, IPublisher<TPublisher, THandle, T>
        where THandle : struct
    {
        for (int i = 0; i < times; i++)
        {
            THandle handle = publisher.Connect(slots[i & (slots.Length - 1)]);
            publisher.Disconnect(handle);
        }
    }
}
