using NUnit.Framework;

namespace Signals.Tests.Core.Properties;

public class BatchTests
{
    [Test]
    public void P7_values_are_set_at_once_and_told_at_the_end_once()
    {
        var x = new Property<int>(1);
        var y = new Property<int>(1);
        Computed<int> sum = Computed.Of(() => x.Value + y.Value);
        var log = new List<string>();
        x.Connect(value => log.Add($"x {value}"));
        sum.Connect(value => log.Add($"sum {value}"));
        using Effect effect = Effect.Run(() => log.Add($"effect {sum.Value}"));
        log.Clear();

        using (Property.Batch())
        {
            x.Value = 2;
            using (Property.Batch())
            {
                y.Value = 2;
                Assert.That((x.Value, sum.Value), Is.EqualTo((2, 4)));
            }

            x.Value = 3;
            Assert.That(log, Is.Empty);
        }

        Assert.That(log, Is.EqualTo((string[])["x 3", "sum 5", "effect 5"]));
    }

    [Test]
    public void P7_a_batch_belongs_to_its_scope()
    {
        var scope = new PropertyScope();
        var inside = new Property<int>(1, scope: scope);
        var outside = new Property<int>(1);
        var log = new List<string>();
        inside.Connect(value => log.Add($"inside {value}"));
        outside.Connect(value => log.Add($"outside {value}"));

        using (scope.Batch())
        {
            inside.Value = 2;
            outside.Value = 2;
        }

        Assert.That(log, Is.EqualTo((string[])["outside 2", "inside 2"]));
    }

    [Test]
    public void P7_what_other_threads_set_meanwhile_is_told_at_once()
    {
        var mine = new Property<int>(1);
        var theirs = new Property<int>(1);
        Computed<int> sum = Computed.Of(() => mine.Value + theirs.Value);
        var log = new List<string>();
        mine.Connect(value => log.Add($"mine {value}"));
        theirs.Connect(value => log.Add($"theirs {value}"));
        sum.Connect(value => log.Add($"sum {value}"));

        using (Property.Batch())
        {
            mine.Value = 2;
            new Worker(() => theirs.Value = 10).Join();
            Assert.That(log, Is.EqualTo((string[])["theirs 10", "sum 12"]));
        }

        Assert.That(log, Is.EqualTo((string[])["theirs 10", "sum 12", "mine 2"]));
    }

    [Test]
    public void P7_an_exception_ends_the_batch_and_tells_what_was_set()
    {
        var property = new Property<int>(1);
        var told = new List<int>();
        property.Connect(told.Add);

        void Fail()
        {
            using (Property.Batch())
            {
                property.Value = 2;
                throw new FormatException();
            }
        }

        Assert.That(Fail, Throws.TypeOf<FormatException>());
        Assert.That(told, Is.EqualTo((int[])[2]));
        property.Value = 3;
        Assert.That(told, Is.EqualTo((int[])[2, 3]));
    }

    [Test]
    public void P7_exceptions_of_the_telling_come_out_of_the_batch()
    {
        var x = new Property<int>(1);
        var y = new Property<int>(1);
        x.Connect(_ => throw new FormatException());
        y.Connect(_ => throw new InvalidCastException());
        int told = 0;
        y.Connect(_ => told++);

        PropertyBatch batch = Property.Batch();
        x.Value = 2;
        y.Value = 2;

        AggregateException? thrown = Assert.Throws<AggregateException>(() => batch.Dispose());
        Assert.That(
            thrown!.InnerExceptions.Select(exception => exception.GetType()),
            Is.EqualTo((Type[])[typeof(FormatException), typeof(InvalidCastException)])
        );
        Assert.That(told, Is.EqualTo(1));
        Assert.That(() => batch.Dispose(), Throws.Nothing);
    }

    [Test]
    public void P7_a_batch_ends_on_its_thread()
    {
        PropertyBatch batch = Property.Batch();
        Exception? thrown = null;
        new Worker(() =>
        {
            try
            {
                batch.Dispose();
            }
            catch (InvalidOperationException exception)
            {
                thrown = exception;
            }
        }).Join();
        batch.Dispose();

        Assert.That(thrown, Is.Not.Null);
    }

    [Test]
    public void P7_disposing_a_batch_again_does_not_end_a_later_one()
    {
        var property = new Property<int>(1);
        var told = new List<int>();
        property.Connect(told.Add);
        PropertyBatch ended = Property.Batch();
        ended.Dispose();

        using (Property.Batch())
        {
            property.Value = 2;
            ended.Dispose();
            PropertyBatch inner = Property.Batch();
            inner.Dispose();
            using (Property.Batch())
            {
                inner.Dispose();
            }

            Assert.That(told, Is.Empty);
        }

        Assert.That(told, Is.EqualTo((int[])[2]));
    }

    [Test]
    public void P7_ending_an_outer_batch_ends_those_inside_it()
    {
        var property = new Property<int>(1);
        var told = new List<int>();
        property.Connect(told.Add);
        PropertyBatch[] batches = [.. Enumerable.Range(0, 10).Select(_ => Property.Batch())];
        property.Value = 2;
        batches[4].Dispose();
        batches[9].Dispose();
        Assert.That(told, Is.Empty);

        batches[0].Dispose();
        Assert.That(told, Is.EqualTo((int[])[2]));
        batches[1].Dispose();
        property.Value = 3;
        Assert.That(told, Is.EqualTo((int[])[2, 3]));
    }

    [Test]
    public void P7_connecting_in_a_batch_starts_from_the_value_stored_now()
    {
        var property = new Property<int>(1);
        var first = new List<int>();
        var given = new List<int>();
        property.Connect(first.Add);

        using (Property.Batch())
        {
            property.Value = 2;
            property.ConnectWithCurrent(given.Add);
        }

        Assert.That(first, Is.EqualTo((int[])[2]));
        Assert.That(given, Is.EqualTo((int[])[2]));
        property.Value = 3;
        Assert.That(given, Is.EqualTo((int[])[2, 3]));
    }
}
