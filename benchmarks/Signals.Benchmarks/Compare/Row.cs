namespace Signals.Benchmarks.Compare;

/// <summary>A measured row of the table.</summary>
internal sealed record Row(string Measure, string Unit, double Ours, IReadOnlyList<PeerFigure> Peers, Goal Goal)
{
    /// <summary>The bound for this run. A bare loop over an array is not a peer but the lower bound for any signal.</summary>
    internal double Bound => Goal.Bound(Compared);

    /// <summary>The goal with the figure that decides and, if it is that of a peer, the name of the peer.</summary>
    internal string DescribedGoal => Goal.Describe(Compared);

    /// <summary>The ratio of the figure of Signals to the bound, from the printed digits, or null if the bound is zero.</summary>
    internal double? Ratio => Bound == 0 ? null : Math.Round(Ours / Bound, 2);

    /// <summary>Gets a value that indicates whether the printed figure meets the goal: smaller differences are noise.</summary>
    internal bool IsMet =>
        Ratio is { } ratio ? (Goal.IsUpperBound ? ratio <= 1 : ratio >= 1)
        : Goal.IsUpperBound ? Math.Round(Ours, 1) <= 0
        : Ours >= 0;

    internal static Row OfTimes(string measure, IReadOnlyList<Contender> contenders, Goal goal) =>
        Of(measure, "ns", contenders, contender => contender.Nanoseconds, goal);

    internal static Row OfBytes(string measure, IReadOnlyList<Contender> contenders, Goal goal) =>
        Of(measure, "B", contenders, contender => contender.Bytes, goal);

    private IReadOnlyList<PeerFigure> Compared => [.. Peers.Where(peer => peer.Kind != PeerKind.Floor)];

    private static Row Of(string measure, string unit, IReadOnlyList<Contender> contenders, Func<Contender, double> figure, Goal goal) =>
        new(
            measure,
            unit,
            figure(contenders.Single(contender => contender.Kind == PeerKind.Ours)),
            [
                .. contenders
                    .Where(contender => contender.Kind is not (PeerKind.Ours or PeerKind.Baseline))
                    .Select(contender => new PeerFigure(contender.Kind, contender.Label, figure(contender))),
            ],
            goal
        );
}

/// <summary>A peer's figure in a row.</summary>
internal sealed record PeerFigure(PeerKind Kind, string? Label, double Figure);
