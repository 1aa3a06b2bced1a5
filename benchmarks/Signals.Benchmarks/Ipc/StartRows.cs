using System.Diagnostics;
using System.Globalization;
using Signals.Benchmarks.Compare;
using Signals.Benchmarks.Ipc.Peers;

namespace Signals.Benchmarks.Ipc;

/// <summary>The time from the start of a process until its host is ready or its client has a reply, and the sizes of both processes.</summary>
internal static class StartRows
{
    private const double MegaBytes = 1_000_000;

    internal static void AddTo(Table table, PeerSet peers)
    {
        Figures[] all = [.. Library.All.Select(_ => new Figures())];
        Turns.ForEach(
            all.Length,
            (i, isWarmUp) =>
            {
                DirectoryInfo folder = Directory.CreateDirectory(Path.Combine(peers.Folder, "started"));
                Measure(Library.All[i], folder.FullName, isWarmUp ? new Figures() : all[i]);
                folder.Delete(recursive: true);
            }
        );

        // The goals of the document, 45 and 60 ms, are these multiples of its raw sockets.
        AddRow(table, "start of a process until its host is ready", "ms", all, figures => figures.Host, Goal.AtMostTimes(PeerKind.AwaitedSocket, 1.55));
        AddRow(table, "start of a process until its first reply", "ms", all, figures => figures.Client, Goal.AtMostTimes(PeerKind.AwaitedSocket, 1.82));
        AddRow(table, "resident size of a host", "MB", all, figures => figures.HostSize, Goal.AtMost(90));
        AddRow(table, "resident size of a client", "MB", all, figures => figures.ClientSize, Goal.AtMost(90));
    }

    private static void AddRow(Table table, string measure, string unit, Figures[] all, Func<Figures, Samples> figure, Goal goal) =>
        table.Add(PeerSet.RowOf(Library.All, measure, unit, [.. all.Select(figures => figure(figures).Median)], goal));

    private static void Measure(Library library, string folder, Figures figures)
    {
        long start = Stopwatch.GetTimestamp();
        using ChildProcess host = OtherSide.StartHost(library, folder);
        host.ReadLine();
        figures.Host.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds, undisturbed: true);

        start = Stopwatch.GetTimestamp();
        using ChildProcess client = OtherSide.StartClient(library, folder);
        client.ReadLine();
        figures.Client.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds, undisturbed: true);
        figures.ClientSize.Add(long.Parse(client.ReadLine(), CultureInfo.InvariantCulture) / MegaBytes, undisturbed: true);
        figures.HostSize.Add(host.ResidentBytes / MegaBytes, undisturbed: true);
    }

    private sealed class Figures
    {
        internal Samples Host { get; } = new();

        internal Samples Client { get; } = new();

        internal Samples HostSize { get; } = new();

        internal Samples ClientSize { get; } = new();
    }
}
