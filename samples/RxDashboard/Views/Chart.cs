using Spectre.Console;
using Spectre.Console.Rendering;

namespace RxDashboard;

/// <summary>A sparkline that fills the available width, each column in the color of its value.</summary>
/// <param name="curve">The values.</param>
/// <param name="highest">The value that fills a column, or null for the highest value shown.</param>
/// <param name="height">The rows.</param>
/// <param name="styleOf">The style of a value.</param>
internal sealed class Chart(double[] curve, double? highest, int height, Func<double, Style> styleOf) : Renderable
{
    private const int Narrowest = 8;

    protected override Measurement Measure(RenderOptions options, int maxWidth) => new(Math.Min(Narrowest, maxWidth), maxWidth);

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        int shown = Math.Min(curve.Length, maxWidth);
        int unfilled = maxWidth - shown;
        double[] values = curve[^shown..];
        Style[] styles = [.. values.Select(styleOf)];
        foreach (string row in Sparkline.Draw(values, highest ?? values.DefaultIfEmpty().Max(), maxWidth, height))
        {
            yield return new Segment(row[..unfilled]);

            // One segment for adjacent columns of one style: the cost of drawing depends on the number of segments.
            int end;
            for (int begin = 0; begin < shown; begin = end)
            {
                end = begin + 1;
                while (end < shown && styles[end].Equals(styles[begin]))
                {
                    end++;
                }

                yield return new Segment(row[(unfilled + begin)..(unfilled + end)], styles[begin]);
            }

            yield return Segment.LineBreak;
        }
    }
}
