using System.Globalization;
using System.Text.RegularExpressions;
using Plant.Logger;
using Plant.Panel;
using Signals.Ipc;
using Signals.Remote;

namespace Plant.Story;

/// <summary>
/// Runs the whole story on a temporary socket if no command is given: sensors, panels and a logger in processes of their own. Each thing that it tells is
/// checked, and the figures are those of this run.
/// </summary>
internal sealed partial class PlantStory(string folder, Narrator narrator, CancellationToken stop)
{
    private const string Story = "story";
    private const string FirstPage = "memory";
    private const string SecondPage = "process";
    private const int ObservedValues = 300;

    /// <summary>The number of imports that a panel has beside those of its page: the catalogue and the interval.</summary>
    private const int OtherPanelImports = 2;

    /// <summary>The time limit of the story, which usually takes far less.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    /// <summary>The time that an emission must not take: a value on the slow screen takes longer.</summary>
    private static readonly TimeSpan LongEmission = TimeSpan.FromMilliseconds(10);

    private readonly string _socket = Path.Combine(folder, "plant.sock");
    private readonly string _file = Path.Combine(folder, "plant.csv");

    internal static async Task RunAsync(Narrator narrator, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("plant-");
        try
        {
            await new PlantStory(folder.FullName, narrator, either.Token).TellAsync();
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new TimeoutException($"The story did not end within {Limit.TotalSeconds:N0} s.");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task TellAsync()
    {
        narrator.Heading("1. A panel and a logger are started before the sensors. They wait.");
        using ChildProcess panel = Start("panel", CommandLine.Panel, CommandLine.PageOption, FirstPage);
        using ChildProcess logger = Start("logger", CommandLine.Logger, CommandLine.FileOption, _file, CommandLine.StopsWithInputOption);
        await panel.WaitForAsync($"{RemoteState.Waiting}", stop);
        await logger.WaitForAsync($"{Names.Lateness} is {RemoteState.Waiting}", stop);

        narrator.Heading("2. The sensors are started, and everything becomes live.");
        await using var client = new IpcClient(IpcEndpoint.Parse(_socket), new IpcClientOptions { Retry = true, Reconnect = true });
        client.Connect();
        using var observer = new Observer(client);
        using (ChildProcess sensors = StartSensors())
        {
            int shown = await WaitUntilLiveAsync(panel, FirstPage);
            await logger.WaitForAsync($"{Names.Lateness} is {RemoteState.Live}", stop);

            await TellOfSetpointAsync(panel);
            await TellOfPagesAsync(panel, observer, shown);
            await TellOfSlowPanelAsync(observer);

            narrator.Heading("6. The sensors are killed (SIGKILL).");
            await sensors.KillAsync(stop);
            narrator.Say("sensors", $"process {sensors.Id} was killed");
            await panel.WaitForAsync($"{RemoteState.Stale}", stop);
            await logger.WaitForAsync($"{Names.Lateness} is {RemoteState.Stale}", stop);
            await observer.WaitForAsync(RemoteState.Stale, stop);
            narrator.Say(Story, $"the last values can still be read: {observer.Measurements} measurements were made");
        }

        narrator.Heading("7. The sensors are started again. The same imports become live, and tell the gap.");
        using (ChildProcess sensors = StartSensors())
        {
            await WaitUntilLiveAsync(panel, SecondPage);
            await logger.WaitForAsync($"{Names.Lateness}: missed an unknown number ({MissedCause.Restarted})", stop);
            await observer.WaitForAsync(RemoteState.Live, stop);
            Observation after = await observer.ObserveAsync(ObservedValues, stop);
            narrator.Say(Story, $"{after}");

            narrator.Heading("8. All of them end.");
            await panel.StopAsync(stop);
            await logger.StopAsync(stop);
            await sensors.StopAsync(stop);
        }

        TellOfFile();
    }

    private async Task TellOfSetpointAsync(ChildProcess panel)
    {
        narrator.Heading("3. The panel asks the sensors to measure more often. They decide.");
        await panel.TypeAsync("set 100");
        await panel.WaitForAsync("measure every 0.1 s", stop);
        await panel.TypeAsync("set 1");
        await panel.WaitForAsync("is refused", stop);
    }

    private async Task TellOfPagesAsync(ChildProcess panel, Observer observer, int shown)
    {
        narrator.Heading("4. The panel imports what is on the screen, and nothing else.");
        await TellSubscriptionsAsync(observer, shown);
        await panel.TypeAsync($"page {SecondPage}");
        await TellSubscriptionsAsync(observer, await WaitUntilLiveAsync(panel, SecondPage));
    }

    /// <summary>Waits until the sensors have exactly the subscriptions of what is on the screen, of the logger and of the story.</summary>
    private async Task TellSubscriptionsAsync(Observer observer, int shown)
    {
        int logged = new CommandLine().Imports.Count;
        int expected = shown + logged + Observer.SubscriptionCount;
        await observer.WaitForSubscriptionsAsync(expected, stop);
        narrator.Say(
            Story,
            $"the sensors have {expected} subscriptions: {shown} of the panel, {logged} of the logger, {Observer.SubscriptionCount} of the story"
        );
    }

    private async Task TellOfSlowPanelAsync(Observer observer)
    {
        narrator.Heading("5. A panel with a slow screen shows the timer. It misses values, is told how many, and costs the others nothing.");
        Observation before = await observer.ObserveAsync(ObservedValues, stop);
        narrator.Say(Story, $"without it: {before}");
        using ChildProcess slow = Start("slow panel", CommandLine.Panel, CommandLine.PageOption, PanelSession.TimerPage, CommandLine.SlowOption);
        await slow.WaitForAsync($"{MissedCause.Overflow}", stop);
        Observation beside = await observer.ObserveAsync(ObservedValues, stop);
        narrator.Say(Story, $"beside it: {beside}");
        await slow.TypeAsync(PanelSession.End);
        Match totals = Totals().Match(await slow.WaitForAsync("the timer:", stop));
        await slow.StopAsync(stop);

        Claim.That(totals.Success, "The slow panel did not print its totals.");
        Claim.That(Number(totals, "missed") > 0, "The slow panel has missed nothing.");
        Claim.That(totals.Groups["told"].Value == "every gap was told", "The slow panel was not told of a gap.");
        Claim.That(before.Numbers is { Missed: 0, IsBroken: false }, "The story has missed values before there was a slow panel.");
        Claim.That(beside.Numbers is { Missed: 0, IsBroken: false }, "The slow panel has cost the story values.");
        Claim.That(beside.EmitMicroseconds < LongEmission.TotalMicroseconds, "Emissions have waited for the slow panel.");
    }

    private void TellOfFile()
    {
        const int RowsBefore = 3;
        string[] rows = File.ReadAllLines(_file);
        NumberedValues numbers = CsvCheck.Read(rows);
        string[] timer = [.. rows.Where(static row => row.Contains($",{Names.Lateness},", StringComparison.Ordinal))];
        int gap = Array.FindIndex(timer, static row => row.Contains($",{CsvLogger.MissedEvent},", StringComparison.Ordinal));
        Claim.That(gap >= 0 && numbers.Restarts == 1, $"The file of the logger should tell one gap of unknown size, and tells {numbers.Restarts}.");
        Claim.That(numbers is { Missed: 0, IsBroken: false }, $"The logger has missed values: {numbers}");
        narrator.Say(Story, $"the file has {rows.Length} rows. The timer: {numbers}. Around the gap:");
        foreach (string row in timer.Skip(gap - RowsBefore).Take(RowsBefore + 2))
        {
            narrator.Say("", row);
        }
    }

    private ChildProcess Start(string name, string command, params IEnumerable<string> options) =>
        ChildProcess.Start(name, narrator, [command, CommandLine.SocketOption, _socket, .. options]);

    private ChildProcess StartSensors() => Start("sensors", CommandLine.Sensors, CommandLine.StopsWithInputOption);

    /// <summary>Waits until all that the panel shows is live. Returns the number of its imports.</summary>
    private async Task<int> WaitUntilLiveAsync(ChildProcess panel, string page)
    {
        while (true)
        {
            Match states = AllLive().Match(await panel.WaitForAsync($"page {page} ", stop));

            // The interval is in the line, too; while it is alone, the panel does not know the gauges.
            if (states.Success && Number(states, "count") > 1)
            {
                return Number(states, "count") - 1 + OtherPanelImports;
            }
        }
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\): (?<count>\d+) Live: ")]
    private static partial Regex AllLive();

    [GeneratedRegex(@"\d+ values, (?<missed>\d+) missed; (?<told>.*)")]
    private static partial Regex Totals();
}
