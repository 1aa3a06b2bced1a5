using NUnit.Framework;

namespace Signals.Tests.Core.Properties;

public class CurrentTests
{
    [Test]
    public void P13_the_slot_is_called_with_the_current_value_and_then_with_each_change()
    {
        var property = new Property<int>(1);
        var told = new List<int>();

        ConnectionHandle handle = property.ConnectWithCurrent(told.Add);
        property.Value = 2;
        handle.Disconnect();
        property.Value = 3;

        Assert.That(told, Is.EqualTo((int[])[1, 2]));
    }

    [Test]
    public void P13_a_set_in_the_first_call_is_told_after_it()
    {
        var property = new Property<int>(1);
        var log = new List<string>();

        property.ConnectWithCurrent(value =>
        {
            log.Add($"{value}");
            if (value == 1)
            {
                property.Value = 2;
                log.Add("set");
            }
        });

        Assert.That(log, Is.EqualTo((string[])["1", "set", "2"]));
    }

    [Test]
    public void P13_connecting_in_a_slot_neither_loses_nor_repeats_a_change()
    {
        var property = new Property<int>(0);
        var given = new List<int>();
        bool isConnected = false;
        property.Connect(_ =>
        {
            if (!isConnected)
            {
                isConnected = true;
                property.Value = 2;
                property.ConnectWithCurrent(given.Add);
                property.Value = 3;
            }
        });

        property.Value = 1;

        Assert.That(given, Is.EqualTo((int[])[2, 3]));
    }

    [Test]
    public void P13_changes_that_another_thread_tells_wait_for_the_end_of_the_first_call()
    {
        var property = new Property<int>(1);
        var log = new List<string>();
        using var isCalled = new ManualResetEventSlim();
        using var isSet = new ManualResetEventSlim();
        var setter = new Worker(() =>
        {
            Bounded.Wait(isCalled, "the first call");
            property.Value = 2;
            property.Value = 3;
            isSet.Set();
        });

        property.ConnectWithCurrent(value =>
        {
            log.Add($"{value} begins");
            if (value == 1)
            {
                isCalled.Set();
                Bounded.Wait(isSet, "the sets of the other thread");
            }

            log.Add($"{value} ends");
        });
        setter.Join();

        Assert.That(log, Is.EqualTo((string[])["1 begins", "1 ends", "2 begins", "2 ends", "3 begins", "3 ends"]));
    }
}
