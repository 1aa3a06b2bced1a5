using Signals;

namespace Sheet;

/// <summary>Lets a user type lines while the figures of the machine change.</summary>
internal sealed class Editor(SheetSession session)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan MeasurePeriod = TimeSpan.FromSeconds(1);

    private string _typed = "";
    private string _message = "Type A1: 5 or A1: =B1*2, save FILE, load FILE; Escape ends.";

    internal void Run(TimeProvider clock)
    {
        // The thread of the timer only posts: the sheet is used only on this thread.
        using var evaluator = new ConnectionEvaluator();
        using ITimer timer = clock.CreateTimer(_ => evaluator.Post(Measure), null, TimeSpan.Zero, MeasurePeriod);
        Draw();
        while (true)
        {
            evaluator.EvaluateDeferredConnections();
            while (Console.KeyAvailable)
            {
                ConsoleKeyInfo key = Console.ReadKey(intercept: true);
                if (key.Key == ConsoleKey.Escape)
                {
                    return;
                }

                Type(key);
                Draw();
            }

            Thread.Sleep(Look);
        }
    }

    private void Measure()
    {
        session.Sheet.Machine.Measure();
        Draw();
    }

    private void Type(ConsoleKeyInfo key)
    {
        if (key.Key == ConsoleKey.Backspace)
        {
            _typed = _typed.Length == 0 ? "" : _typed[..^1];
        }
        else if (key.Key != ConsoleKey.Enter)
        {
            _typed += char.IsControl(key.KeyChar) ? "" : key.KeyChar;
        }
        else
        {
            _message = "";
            try
            {
                session.Run(_typed);
            }
            catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException)
            {
                _message = exception.Message;
            }

            _typed = "";
        }
    }

    private void Draw() => session.Show($"{session.Sheet.Computations} values computed so far. {_message}\n> {_typed}");
}
