using Signals.Remote;

namespace Plant.Panel;

/// <summary>Writes a line for pictures that differ by more than their values, and otherwise every few seconds: for files and pipes.</summary>
internal sealed class LineView(Action<string> write, TimeProvider clock) : IPanelView
{
    private const int MostValues = 3;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private string _summary = "";
    private long _written;

    public void Show(PanelPicture picture)
    {
        string states = string.Join(", ", picture.Lines.Append(picture.Interval).GroupBy(static line => line.State).Select(Describe));
        bool hasValues = picture.Lines.Any(static line => line.Value.Length > 0);
        string summary = $"{picture.Place} {states} {hasValues} {picture.Message}";
        if (summary == _summary && clock.GetElapsedTime(_written) < LongestPause)
        {
            return;
        }

        string values = string.Join(", ", picture.Lines.Where(static line => line.Value.Length > 0).Take(MostValues).Select(Describe));
        string message =
            picture.Message == PanelSession.Help || (picture.Message.Length > 0 && _summary.EndsWith(picture.Message, StringComparison.Ordinal))
                ? ""
                : $" [{picture.Message}]";
        write($"page {picture.Page} ({picture.Place}): {states}{(values.Length > 0 ? $": {values}" : "")}{message}");
        _summary = summary;
        _written = clock.GetTimestamp();
    }

    private static string Describe(IGrouping<RemoteState, PanelLine> lines) => $"{lines.Count()} {lines.Key}";

    private static string Describe(PanelLine line) => $"{line.Title} {line.Value} {line.Unit}".TrimEnd();
}
