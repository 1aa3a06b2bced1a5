using System.Diagnostics;
using System.Runtime.CompilerServices;
using Signals.Benchmarks.Publishers;

namespace Signals.Benchmarks;

/// <summary>Loops that run until a timestamp and return the number of iterations.</summary>
internal static class TimedLoops
{
    /// <summary>The number of iterations between two readings of the clock.</summary>
    private const int Batch = 64;

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static long Emit<TEmitter, T>(TEmitter emitter, long deadline)
        where TEmitter : struct, IEmitter<T>
        where T : struct
    {
        long count = 0;
        while (Stopwatch.GetTimestamp() < deadline)
        {
            for (int i = 0; i < Batch; i++)
            {
                emitter.Emit(default);
            }

            count += Batch;
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static long ConnectAndDisconnect<TPublisher, THandle, T>(TPublisher publisher, Action<T> slot, long deadline)
        where TPublisher : struct, IPublisher<TPublisher, THandle, T>
        where THandle : struct
    {
        long count = 0;
        while (Stopwatch.GetTimestamp() < deadline)
        {
            for (int i = 0; i < Batch; i++)
            {
                publisher.Disconnect(publisher.Connect(slot));
            }

            count += Batch;
        }

        return count;
    }
}
