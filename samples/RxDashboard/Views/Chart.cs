using Spectre.Console;
using Spectre.Console.Rendering;

namespace RxDashboard;

/// <summary>A sparkline as wide as there is room, each column in the colour of its value.</summary>
/// <param name="curve">The values.</param>
/// <param name="highest">The value that fills a column.</param>
/// <param name="height">The rows.</param>
/// <param name="styleOf">The style of a value.</param>
internal sealed class Chart(double[] curve, double highest, int height, Func<double, Style> styleOf) : Renderable
{
    private const int Narrowest = 8;

    protected override Measurement Measure(RenderOptions options, int maxWidth) => new(Math.Min(Narrowest, maxWidth), maxWidth);

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        int unfilled = Math.Max(0, maxWidth - curve.Length);
        int hidden = Math.Max(0, curve.Length - maxWidth);
        foreach (string row in Sparkline.Draw(curve, highest, maxWidth, height))
        {
            yield return new Segment(row[..unfilled]);
            for (int column = unfilled; column < maxWidth; column++)
            {
                yield return new Segment(row[column].ToString(), styleOf(curve[column - unfilled + hidden]));
            }

            yield return Segment.LineBreak;
        }
    }
}
