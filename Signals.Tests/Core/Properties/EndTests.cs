using NUnit.Framework;

namespace Signals.Tests.Core.Properties;

public class EndTests
{
    [Test]
    public void P16_disposing_a_property_ends_its_connections_and_keeps_its_value()
    {
        var source = new Property<int>(1);
        var property = new Property<int>(0);
        property.Bind(() => source.Value);
        ConnectionHandle handle = property.Connect(_ => { });
        var log = new List<string>();
        property.Disposed.Connect(() => log.Add($"disposed, connected {handle.IsActive}"));
        source.Value = 2;

        property.Dispose();
        property.Dispose();
        source.Value = 3;

        Assert.That(log, Is.EqualTo((string[])["disposed, connected False"]));
        Assert.That((property.Value, property.IsBound), Is.EqualTo((2, false)));
        Assert.That(() => property.Value = 5, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => property.Value = 2, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => property.Bind(() => 1), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => property.Connect(_ => { }), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => property.ConnectWithCurrent(_ => { }), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => property.Disposed.Connect(() => { }), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void P16_a_disposed_computed_property_keeps_its_value_and_lets_go()
    {
        var source = new Property<int>(1);
        Computed<int> twice = Computed.Of(() => source.Value * 2);
        Computed<int> next = Computed.Of(() => twice.Value + 1);
        next.Connect(_ => { });
        source.Value = 2;

        twice.Dispose();
        source.Value = 3;

        Assert.That((twice.Value, next.Value), Is.EqualTo((4, 5)));
        Assert.That(source.Extras!.DependentCount, Is.Zero);
        Computed<int> neverRun = Computed.Of(() => 1);
        neverRun.Dispose();
        Assert.That(() => neverRun.Value, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => neverRun.Peek(), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void P16_an_effect_that_is_disposed_in_its_own_run_finishes_it()
    {
        var source = new Property<int>(1);
        var log = new List<string>();
        Effect? effect = null;
        effect = Effect.Run(() =>
        {
            log.Add($"begin {source.Value}");
            effect?.Dispose();
            log.Add("end");
        });

        source.Value = 2;
        source.Value = 3;

        Assert.That(log, Is.EqualTo((string[])["begin 1", "end", "begin 2", "end"]));
        Assert.That(source.Extras!.DependentCount, Is.Zero);
    }
}
