using NUnit.Framework;
using RxDashboard;

namespace Signals.Tests.Product.Samples;

public sealed class SparklineTests
{
    [Test]
    public void Column_is_filled_by_eighths() => Assert.That(Sparkline.Draw([0, 1, 2, 3, 4, 5, 6, 7, 8], 8, 9, 1), Is.EqualTo(["▁▁▂▃▄▅▆▇█"]));

    [Test]
    public void Rows_are_filled_from_the_bottom() => Assert.That(Sparkline.Draw([2, 8, 12, 16], 16, 4, 2), Is.EqualTo(["  ▄█", "▂███"]));

    [Test]
    public void Latest_value_is_at_the_right_and_columns_without_one_are_blank() => Assert.That(Sparkline.Draw([1, 2], 2, 5, 1), Is.EqualTo(["   ▄█"]));

    [Test]
    public void Oldest_values_are_dropped_when_there_is_no_room() => Assert.That(Sparkline.Draw([8, 8, 1, 2], 8, 2, 1), Is.EqualTo(["▁▂"]));

    [Test]
    public void Values_outside_fill_a_column_or_show_the_thinnest_line() => Assert.That(Sparkline.Draw([-5, 50], 8, 2, 2), Is.EqualTo([" █", "▁█"]));

    [Test]
    public void Zeros_are_visible_even_if_no_value_is_higher() => Assert.That(Sparkline.Draw([0, 0], 0, 3, 1), Is.EqualTo([" ▁▁"]));

    [Test]
    public void Empty_curve_is_blank() => Assert.That(Sparkline.Draw([], 1, 3, 2), Is.EqualTo(["   ", "   "]));

    [Test]
    public void No_room_is_not_an_error() => Assert.That(Sparkline.Draw([1], 1, 0, 1), Is.EqualTo([""]));
}
