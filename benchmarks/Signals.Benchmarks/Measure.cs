using System.Diagnostics;
using System.Runtime;

namespace Signals.Benchmarks;

/// <summary>Measures contenders in turns, so that what disturbs the machine for a while disturbs all of them alike.</summary>
internal static class Measure
{
    private const int Rounds = 15;
    private const int FewestRounds = 3;

    /// <summary>A few only, so that the contenders take turns often and the profiles that the compiler goes by are mixed.</summary>
    private const int WarmUpIterations = 16;

    private static readonly TimeSpan RoundTime = TimeSpan.FromMilliseconds(3);

    /// <summary>The maximum time that all contenders of a row may take to get their undisturbed rounds.</summary>
    private static readonly TimeSpan LongestTurns = TimeSpan.FromSeconds(1);

    /// <summary>A peer that has taken so much has been measured well enough with the fewest rounds.</summary>
    private static readonly TimeSpan TimeOfSlowPeer = TimeSpan.FromMilliseconds(150);

    /// <summary>Longer than the runtime waits before it compiles again what has proved to be called often.</summary>
    private static readonly TimeSpan QuietTime = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(2);

    /// <summary>Runs all contenders until the compiler has had nothing to do for a while: what runs then is optimised code.</summary>
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

    /// <summary>Measures contenders that allocate nothing worth mentioning.</summary>
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
                // The time that slow peers have taken for these is not taken from the others.
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
