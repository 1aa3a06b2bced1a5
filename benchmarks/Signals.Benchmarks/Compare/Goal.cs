using System.Globalization;

namespace Signals.Benchmarks.Compare;

/// <summary>The goal that a row has to reach: a figure, or a multiple of the figure of a peer in the same run.</summary>
/// <param name="IsUpperBound">Indicates whether less is better.</param>
/// <param name="Figure">The figure of the document, or null if a peer of the run determines it.</param>
/// <param name="Scale">The factor from the figure to this machine, or the permitted ratio to the peer.</param>
/// <param name="Peer">The peer, or null for the best one.</param>
internal sealed record Goal(bool IsUpperBound, double? Figure, double Scale, PeerKind? Peer = null)
{
    internal static Goal AtMostBestPeer { get; } = new(true, null, 1);

    internal static Goal AtLeastBestPeer { get; } = new(false, null, 1);

    /// <summary>Creates a goal that is a multiple of the cost of the best peer.</summary>
    internal static Goal AtMostTimesBestPeer(double times) => new(true, null, times);

    /// <summary>Creates a goal that is a multiple of the rate of the best peer.</summary>
    internal static Goal AtLeastTimesBestPeer(double times) => new(false, null, times);

    /// <summary>Creates a goal that is a multiple of the cost of a peer.</summary>
    internal static Goal AtMostTimes(PeerKind peer, double times) => new(true, null, times, peer);

    /// <summary>Creates a goal that is a multiple of the rate of a peer.</summary>
    internal static Goal AtLeastTimes(PeerKind peer, double times) => new(false, null, times, peer);

    internal static Goal AtMost(double figure) => new(true, figure, 1);

    /// <summary>A time that depends on the machine.</summary>
    internal static Goal AtMostScaled(double figure, double scale) => new(true, figure, scale);

    internal static Goal AtLeast(double figure) => new(false, figure, 1);

    /// <summary>Returns the bound for this run.</summary>
    internal double Bound(IReadOnlyList<PeerFigure> peers) => (Figure ?? Decisive(peers).Figure) * Scale;

    /// <summary>Returns the goal as text.</summary>
    internal string Describe(IReadOnlyList<PeerFigure> peers)
    {
        string sign = IsUpperBound ? "<=" : ">=";
        string here = Bound(peers).ToString("0.##", CultureInfo.InvariantCulture);
        if (Figure is { } figure)
        {
            return Scale == 1 ? $"{sign} {here}" : string.Create(CultureInfo.InvariantCulture, $"{sign} {figure:0.##} ({here} here)");
        }

        string scale = Scale == 1 ? "" : Scale.ToString("0.## ", CultureInfo.InvariantCulture);
        PeerFigure peer = Decisive(peers);
        string name = peer.Label is null ? peer.Kind.ToString() : $"{peer.Kind} {peer.Label}";
        return $"{sign} {scale}{(Peer is null ? "best, " : "")}{name.Replace("Other ", "", StringComparison.Ordinal)}: {here}";
    }

    private PeerFigure Decisive(IReadOnlyList<PeerFigure> peers)
    {
        PeerFigure[] compared = [.. peers.Where(peer => Peer is null || peer.Kind == Peer).OrderBy(peer => peer.Figure)];
        return IsUpperBound ? compared[0] : compared[^1];
    }
}
