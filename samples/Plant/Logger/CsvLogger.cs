using System.Globalization;
using Signals;
using Signals.Remote;

namespace Plant.Logger;

/// <summary>
/// Writes the values of imports to a CSV file, in the order in which they were emitted, with a row for each gap and each change of a state. Its slots run one
/// after another on one evaluator, so that there is no lock.
/// </summary>
internal sealed class CsvLogger : IAsyncDisposable
{
    internal const string Header = "time,name,event,number,value";
    internal const string ValueEvent = "value";
    internal const string MissedEvent = "missed";
    internal const string StateEvent = "state";

    private readonly ISignalImporter _importer;
    private readonly TextWriter _output;
    private readonly TimeProvider _clock;
    private readonly Action<string> _say;
    private readonly ThreadPoolEvaluator _evaluator;
    private readonly List<RemoteImport> _imports = [];
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Starts to write.</summary>
    /// <param name="importer">The importer, of any exchange.</param>
    /// <param name="names">The names of the exports.</param>
    /// <param name="output">The file.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="say">The delegate that reports changes of states, and gaps.</param>
    internal CsvLogger(ISignalImporter importer, IEnumerable<string> names, TextWriter output, TimeProvider clock, Action<string> say)
    {
        _importer = importer;
        _output = output;
        _clock = clock;
        _say = say;
        _evaluator = new ThreadPoolEvaluator(new ConnectionEvaluatorOptions { ExceptionHandler = exception => _failed.TrySetException(exception) });
        output.WriteLine(Header);
        foreach (string name in names)
        {
            Log(name);
        }
    }

    /// <summary>Gets a task that fails when the file cannot be written.</summary>
    internal Task Failed => _failed.Task;

    /// <summary>Gets the number of rows. Read it after the logger has been disposed.</summary>
    internal long RowCount { get; private set; }

    public async ValueTask DisposeAsync()
    {
        // On the evaluator, after the rows that are queued there, and before those of the last states.
        var disposed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _evaluator.Post(() =>
        {
            _imports.ForEach(static import => import.Dispose());
            _evaluator.Post(disposed.SetResult);
        });
        await disposed.Task;
        _evaluator.Dispose();
    }

    private void Log(string name)
    {
        var options = new ImportOptions { Evaluator = _evaluator };
        if (name == Names.Lateness)
        {
            RemoteSignal<long, double> timer = _importer.Import<long, double>(name, options);
            LogEvents(timer);
            timer.Connect((number, lateness) => Write(name, ValueEvent, $"{number}", $"{lateness}"));
        }
        else
        {
            RemoteProperty<double> gauge = _importer.ImportProperty<double>(name, options);
            LogEvents(gauge);
            gauge.Connect(value => Write(name, ValueEvent, "", $"{value}"));
        }
    }

    private void LogEvents(RemoteImport import)
    {
        _imports.Add(import);
        import.StateChanged.Connect(state =>
        {
            string reason = import.StateReason is { } text ? $" ({text})" : "";
            _say($"{import.Name} is {state}{reason}");
            Write(import.Name, StateEvent, "", $"{state}");
        });
        import.Missed.Connect(missed =>
        {
            _say($"{import.Name}: missed {missed.Count?.ToString(CultureInfo.InvariantCulture) ?? "an unknown number"} ({missed.Cause})");
            Write(import.Name, MissedEvent, $"{missed.Count}", $"{missed.Cause}");
        });
    }

    private void Write(string name, string what, string number, string value)
    {
        RowCount++;
        _output.WriteLine($"{_clock.GetUtcNow():O},{name},{what},{number},{value}");
    }
}
