using System.Globalization;
using Signals;
using Signals.Remote;

namespace Plant.Panel;

/// <summary>
/// The panel. It imports the catalogue, the setpoint and what is on the screen, and nothing else. All its slots run in <see cref="RunAsync"/>, because all its
/// imports have its evaluator: there is no lock.
/// </summary>
internal sealed class PanelSession : IDisposable
{
    internal const string TimerPage = "timer";
    internal const string End = "q";

    internal const string Help = "n/p: next/previous page  +/-: measure less/more often  q: quit";

    private static readonly TimeSpan PictureInterval = TimeSpan.FromMilliseconds(100);

    private readonly ISignalImporter _importer;
    private readonly IPanelView _view;
    private readonly TimeSpan _drawTime;
    private readonly TimeProvider _clock;
    private readonly ConnectionEvaluator _evaluator = new();
    private readonly RemoteProperty<Catalogue> _catalogue;
    private readonly RemoteProperty<TimeSpan> _interval;

    /// <summary>The names of the pages.</summary>
    private string[] _pages = [TimerPage];
    private PanelPage _page;
    private string _message = Help;
    private bool _isChanged = true;
    private bool _isEnded;

    /// <summary>Initializes a panel.</summary>
    /// <param name="importer">The importer, of any exchange.</param>
    /// <param name="view">The view.</param>
    /// <param name="page">The page to begin with.</param>
    /// <param name="drawTime">The time that a slow screen takes for a value of the timer, or zero.</param>
    /// <param name="clock">The clock.</param>
    internal PanelSession(ISignalImporter importer, IPanelView view, string page, TimeSpan drawTime, TimeProvider clock)
    {
        _importer = importer;
        _view = view;
        _drawTime = drawTime;
        _clock = clock;
        _page = new PanelPage(page, []);
        var options = new ImportOptions { Evaluator = _evaluator };
        _interval = importer.ImportProperty<TimeSpan>(Names.Interval, options);
        _interval.StateChanged.Connect(OnChanged);
        _interval.Connect(OnChanged);
        _catalogue = importer.ImportProperty(Names.Catalogue, Catalogue.Codec, options);
        _catalogue.Connect(_ => OnCatalogue());
        _catalogue.StateChanged.Connect(OnChanged);
        Show(page);
    }

    /// <summary>Gets the values of the timer that were shown, and those that were missed, while its page is on the screen.</summary>
    internal NumberedValues? TimerNumbers => _page.Rows.OfType<TimerRow>().FirstOrDefault()?.Numbers;

    /// <summary>Shows the panel until a command ends it.</summary>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    internal async Task RunAsync(CancellationToken stop)
    {
        while (!_isEnded)
        {
            if (_isChanged)
            {
                _isChanged = false;
                _view.Show(CreatePicture());
            }

            // More pictures a second cannot be read. What arrives meanwhile waits, in queues that are limited.
            await Task.Delay(PictureInterval, _clock, stop);
            await _evaluator.WaitForInvocationsAsync(stop);
            _evaluator.EvaluateDeferredConnections();
        }
    }

    /// <summary>Queues a command: a key, "page NAME" or "set MILLISECONDS". Any thread may call this.</summary>
    internal void Post(string command) => _evaluator.Post(() => Run(command));

    public void Dispose()
    {
        _page.Dispose();
        _interval.Dispose();
        _catalogue.Dispose();
        _evaluator.Dispose();
    }

    private void Run(string command)
    {
        switch (command.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            case [End]:
                _isEnded = true;
                break;
            case ["n"]:
                Turn(+1);
                break;
            case ["p"]:
                Turn(-1);
                break;
            case ["+"]:
                _ = SetIntervalAsync(_interval.Value * 2);
                break;
            case ["-"]:
                _ = SetIntervalAsync(_interval.Value / 2);
                break;
            case ["page", string page]:
                Show(page);
                break;
            case ["set", string milliseconds] when int.TryParse(milliseconds, NumberStyles.None, CultureInfo.InvariantCulture, out int wanted):
                _ = SetIntervalAsync(TimeSpan.FromMilliseconds(wanted));
                break;
            default:
                Say(Help);
                break;
        }
    }

    /// <summary>Asks the sensors for another interval. While they are not there, the request waits for them.</summary>
    private async Task SetIntervalAsync(TimeSpan wanted)
    {
        string result;
        try
        {
            TimeSpan stored = await _interval.RequestSetAsync(wanted);
            result = $"the sensors measure every {stored.TotalSeconds} s";
        }
        catch (RemoteRefusedException exception)
        {
            result = exception.Message;
        }
        catch (ObjectDisposedException)
        {
            // The panel has ended.
            return;
        }

        _evaluator.Post(() => Say(result));
    }

    private void OnCatalogue()
    {
        _pages = [.. _catalogue.Value.Gauges.Select(static gauge => gauge.Page).Distinct(), TimerPage];

        // After a restart, the sensors may have other gauges. Imports that are still good are not made again.
        if (_page.Name != TimerPage && (_page.Rows.Count == 0 || !ShownNames().SequenceEqual(NamesOf(_page.Name))))
        {
            Show(_page.Name);
        }
    }

    private IEnumerable<string> ShownNames() => _page.Rows.OfType<GaugeRow>().Select(static row => row.Name);

    private IEnumerable<string> NamesOf(string page) => EntriesOf(page).Select(static entry => entry.Name);

    private IEnumerable<CatalogueEntry> EntriesOf(string page) => _catalogue.HasValue ? _catalogue.Value.Gauges.Where(entry => entry.Page == page) : [];

    private void Turn(int pages)
    {
        int index = Array.IndexOf(_pages, _page.Name) + pages;
        Show(_pages[(index + _pages.Length) % _pages.Length]);
    }

    private void Show(string page)
    {
        PanelPage before = _page;
        _page = new PanelPage(
            page,
            page == TimerPage
                ? [new TimerRow(_importer, _evaluator, _drawTime, OnChanged, Say)]
                : [.. EntriesOf(page).Select(entry => new GaugeRow(_importer, entry, _evaluator, OnChanged))]
        );

        // Afterwards, so that a gauge that is on both pages remains subscribed.
        before.Dispose();
        OnChanged();
    }

    private void Say(string message)
    {
        _message = message;
        OnChanged();
    }

    private void OnChanged() => _isChanged = true;

    private PanelPicture CreatePicture()
    {
        int place = Array.IndexOf(_pages, _page.Name) + 1;
        string interval = _interval.HasValue ? $"{_interval.Value.TotalSeconds}" : "";
        return new PanelPicture(
            _page.Name,
            $"{place}/{_pages.Length}",
            [.. _page.Rows.SelectMany(static row => row.Lines)],
            new PanelLine("measured every", interval, "s", _interval.State),
            _message
        );
    }
}
