using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace Signals.Tests.Core.Models;

/// <summary>Runs generated programs, which are the same in each run, and shrinks one that fails to the relevant steps.</summary>
internal static class ModelCheck
{
    /// <summary>Name of the environment variable with the seed. Another seed generates other programs.</summary>
    private const string SeedVariable = "SIGNALS_MODEL_SEED";

    private const ulong DefaultSeed = 20261121;

    private static ulong Seed =>
        Environment.GetEnvironmentVariable(SeedVariable) is { Length: > 0 } seed ? ulong.Parse(seed, CultureInfo.InvariantCulture) : DefaultSeed;

    /// <summary>Checks programs until one throws. The message then contains that program and its shrunk form.</summary>
    internal static void ForAll<TProgram>(int count, Gen<TProgram> programs, Func<TProgram, IEnumerable<TProgram>> shrink, Action<TProgram> check)
    {
        var replay = new Replay(new Rnd(Seed), FSharpOption<int>.None);
        Config config = Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay(FSharpOption<Replay>.Some(replay)).WithQuietOnSuccess(true);
        Check.One(config, Prop.ForAll(Arb.From(programs, shrink), check));
    }

    /// <summary>Returns samples of the generated programs.</summary>
    internal static IEnumerable<TProgram> Sample<TProgram>(int count, Gen<TProgram> programs) => programs.Sample(count, new Rnd(Seed), 50);

    /// <summary>Returns simpler lists: without a half, a quarter, … of the steps, and with one step simplified.</summary>
    internal static IEnumerable<TStep[]> ShrinkList<TStep>(TStep[] steps, Func<TStep, IEnumerable<TStep>> shrinkStep)
    {
        for (int length = (steps.Length + 1) / 2; length > 0; length = length == 1 ? 0 : (length + 1) / 2)
        {
            for (int start = 0; start < steps.Length; start += length)
            {
                yield return [.. steps[..start], .. steps[Math.Min(steps.Length, start + length)..]];
            }
        }

        for (int i = 0; i < steps.Length; i++)
        {
            foreach (TStep simpler in shrinkStep(steps[i]))
            {
                yield return [.. steps[..i], simpler, .. steps[(i + 1)..]];
            }
        }
    }
}
