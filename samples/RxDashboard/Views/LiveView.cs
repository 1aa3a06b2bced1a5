using Spectre.Console;

namespace RxDashboard;

/// <summary>Shows the dashboard in a terminal and redraws it for each measurement, on the thread of the session.</summary>
internal sealed class LiveView(IAnsiConsole console, string source) : IDashboardView
{
    private LiveDisplayContext? _display;

    /// <summary>The terminal's size at the last drawing.</summary>
    private (int Width, int Height) _size = (console.Profile.Width, console.Profile.Height);

    public void ShowDuring(Action session) =>
        console
            .Live(new Text("Measuring the first second."))
            .Overflow(VerticalOverflow.Crop)
            .Cropping(VerticalOverflowCropping.Bottom)
            .Start(display =>
            {
                _display = display;
                session();
            });

    public IDisposable Subscribe(DashboardPipeline pipeline) => pipeline.Snapshots.Subscribe(Show);

    public void Close(Totals totals) => console.WriteLine(Wording.Summary(totals));

    private void Show(Snapshot now)
    {
        (int Width, int Height) size = (console.Profile.Width, console.Profile.Height);
        if (size != _size)
        {
            // The terminal has wrapped the lines again, so the next drawing would not cover the previous one.
            console.Clear();
            _size = size;
        }

        _display?.UpdateTarget(Picture.Of(now, source, size.Height));
    }
}
