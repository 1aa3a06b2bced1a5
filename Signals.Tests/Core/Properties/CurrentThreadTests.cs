using NUnit.Framework;

namespace Signals.Tests.Core.Properties;

public class CurrentThreadTests
{
    [Test]
    public void P13_no_change_is_lost_or_told_twice_beside_a_setting_thread([Values] bool isComputed)
    {
        const int Sets = 3000;
        var property = new Property<int>(0);
        IReadOnlyProperty<int> source = isComputed ? Computed.Of(() => property.Value) : property;
        var all = new List<List<int>>();

        Worker.RunAll(
            () =>
            {
                for (int i = 1; i <= Sets; i++)
                {
                    property.Value = i;
                }
            },
            () =>
            {
                for (int i = 0; i < 300; i++)
                {
                    var told = new List<int>();
                    all.Add(told);
                    source.ConnectWithCurrent(value =>
                    {
                        lock (told)
                        {
                            told.Add(value);
                        }
                    });
                }
            }
        );

        foreach (List<int> told in all)
        {
            lock (told)
            {
                IEnumerable<int> expected = isComputed ? told.Distinct().Order() : Enumerable.Range(told[0], Sets - told[0] + 1);
                Assert.That(told, Is.EqualTo(expected));
                Assert.That(told[^1], Is.EqualTo(Sets));
            }
        }
    }
}
