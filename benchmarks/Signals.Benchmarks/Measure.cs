using System.Diagnostics;
using System.Runtime;

namespace Signals.Benchmarks;

/// <summary>Measures contenders in turns, so that temporary disturbances of the machine affect all of them equally.</summary>
internal static class Measure
{
    private const int Rounds = 15;
    private const int FewestRounds = 3;

    /// <summary>The small number of warm-up iterations, so that contenders take turns often and the compiler's profiles are mixed.</summary>
    private const int WarmUpIterations = 16;

    private static readonly TimeSpan RoundTime = TimeSpan.FromMilliseconds(3);

    /// <summary>The maximum time that all contenders of a row may take to get their undisturbed rounds.</summary>
    private static readonly TimeSpan LongestTurns = TimeSpan.FromSeconds(1);

    /// <summary>The time after which the minimum number of rounds is sufficient for a peer.</summary>
    private static readonly TimeSpan TimeOfSlowPeer = TimeSpan.FromMilliseconds(150);

    /// <summary>The warm-up time, which exceeds the delay after which the runtime recompiles frequently called methods.</summary>
    private static readonly TimeSpan QuietTime = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(2);

    /// <summary>Runs all contenders until the compiler has been idle for a while, so that the code is optimized.</summary>
    internal static void WarmUp(IEnumerable<Contender> contenders)
    {
        Contender[] all = [.. contenders];
        long begin = Stopwatch.GetTimestamp();
        long quiet = begin;
        long compiled = 0;
        while (Stopwatch.GetElapsedTime(quiet) < QuietTime && Stopwatch.GetElapsedTime(begin) < LongestWarmUp)
        {
            foreach (Contender contender in all)
            {
                contender.Try(Math.Min(WarmUpIterations, contender.MostIterations));
            }

            if (JitInfo.GetCompiledMethodCount() is long now && now != compiled)
            {
                compiled = now;
                quiet = Stopwatch.GetTimestamp();
            }
        }
    }

    /// <summary>Measures contenders that allocate little or nothing.</summary>
    internal static void InTurns(params IReadOnlyList<Contender> contenders) => InTurns(contenders, collect: false);

    /// <summary>Measures contenders that allocate: each round begins with an empty nursery and is short enough not to fill it.</summary>
    internal static void InTurnsCollecting(params IReadOnlyList<Contender> contenders) => InTurns(contenders, collect: true);

    private static void InTurns(IReadOnlyList<Contender> contenders, bool collect)
    {
        foreach (Contender contender in contenders)
        {
            Calibrate(contender, collect ? RoundTime / 2 : RoundTime);
        }

        GC.Collect();
        var spent = new TimeSpan[contenders.Count];
        long begin = Stopwatch.GetTimestamp();
        for (int round = 0; round < FewestRounds || Stopwatch.GetElapsedTime(begin) < LongestTurns; round++)
        {
            if (round == FewestRounds)
            {
                // The time of slow peers does not reduce that of the others.
                begin = Stopwatch.GetTimestamp();
            }

            bool anyToGoOn = false;
            for (int i = 0; i < contenders.Count; i++)
            {
                if (round >= FewestRounds && spent[i] > TimeOfSlowPeer && contenders[i].Kind is not (PeerKind.Ours or PeerKind.Baseline))
                {
                    continue;
                }

                if (collect)
                {
                    GC.Collect();
                }

                long start = Stopwatch.GetTimestamp();
                contenders[i].Measure();
                spent[i] += Stopwatch.GetElapsedTime(start);
                anyToGoOn |= contenders[i].Rounds < Rounds;
            }

            if (!anyToGoOn)
            {
                return;
            }
        }
    }

    /// <summary>Finds the number of iterations that fills a round.</summary>
    private static void Calibrate(Contender contender, TimeSpan roundTime)
    {
        int iterations = 1;
        while (true)
        {
            TimeSpan elapsed = contender.Try(iterations);
            if (elapsed >= roundTime / 4 || iterations == contender.MostIterations)
            {
                double fitting = iterations * (roundTime / elapsed);
                contender.Iterations = (int)Math.Clamp(fitting, 1, contender.MostIterations);
                return;
            }

            iterations = Math.Min(iterations * 4, contender.MostIterations);
        }
    }
}
