using Signals.Systematic.Support;

namespace Signals.Systematic.Scenarios;

/// <summary>Properties that two threads use.</summary>
internal static class PropertyScenarios
{
    [Scenario(1000)]
    internal static void P10_two_sets_are_told_once_each_in_the_order_in_which_they_took_effect()
    {
        var property = new Property<int>(0);
        var told = new List<int>();
        property.Connect(told.Add);
        Threads.Run(() => property.Value = 1, () => property.Value = 2);
        Check.IsOneOf(told, [1, 2], [2, 1]);
        Check.That(told[^1] == property.Value);
    }

    [Scenario(1000)]
    internal static void P10_a_set_while_a_slot_runs_is_told_afterwards()
    {
        var property = new Property<int>(0);
        var other = new Property<int>(0);
        var told = new List<int>();
        bool isRunning = false;
        void Tell(int value)
        {
            Check.That(!isRunning, "slots of a scope do not overlap");
            isRunning = true;
            Volatile.Write(ref _point, value);
            told.Add(value);
            isRunning = false;
        }

        property.Connect(value => Tell(value));
        other.Connect(value => Tell(10 + value));
        Threads.Run(() => property.Value = 1, () => other.Value = 1);
        Check.IsOneOf(told, [1, 11], [11, 1]);
    }

    [Scenario(1000)]
    internal static void P3_a_computed_property_is_told_the_last_value_after_two_sets()
    {
        var first = new Property<int>(0);
        var second = new Property<int>(0);
        Computed<int> sum = Computed.Of(() => first.Value + second.Value);
        var told = new List<int>();
        sum.Connect(told.Add);
        Threads.Run(() => first.Value = 1, () => second.Value = 10);
        Check.IsOneOf(told, [1, 11], [10, 11], [11]);
        Check.That(sum.Value == 11);
    }

    [Scenario(1000)]
    internal static void P6_a_set_beside_a_read_of_an_unobserved_computed_property_is_not_missed()
    {
        var source = new Property<int>(0);
        Computed<int> next = Computed.Of(() => source.Value + 1);
        int read = 0;
        Threads.Run(() => source.Value = 1, () => read = next.Value);
        Check.That(read is 1 or 2);
        Check.That(next.Value == 2);
    }

    [Scenario(1000)]
    internal static void P13_a_set_beside_a_connection_with_the_current_value_is_neither_lost_nor_repeated()
    {
        var property = new Property<int>(0);
        var told = new List<int>();
        Threads.Run(() => property.Value = 1, () => property.ConnectWithCurrent(value => told.Add(value)));
        Check.IsOneOf(told, [0, 1], [1]);
        property.Value = 2;
        Check.That(told[^1] == 2);
    }

    [Scenario(1000)]
    internal static void P13_two_sets_beside_a_connection_with_the_current_value_are_told_in_order()
    {
        var property = new Property<int>(0);
        property.Connect(static _ => { });
        var told = new List<int>();
        Threads.Run(
            () =>
            {
                property.Value = 1;
                property.Value = 2;
            },
            () => property.ConnectWithCurrent(value => told.Add(value))
        );
        Check.IsOneOf(told, [0, 1, 2], [1, 2], [2]);
    }

    [Scenario(1000)]
    internal static void P16_a_set_beside_a_disposal_is_either_stored_or_refused()
    {
        var property = new Property<int>(0);
        var told = new List<int>();
        int ends = 0;
        bool isRefused = false;
        property.Connect(told.Add);
        property.Disposed.Connect(() => ends++);
        bool hasEnded = false;
        bool hadEnded = false;
        Threads.Run(
            () =>
            {
                hadEnded = Volatile.Read(ref hasEnded);
                try
                {
                    property.Value = 1;
                }
                catch (ObjectDisposedException)
                {
                    isRefused = true;
                }
            },
            () =>
            {
                property.Dispose();
                Volatile.Write(ref hasEnded, true);
            }
        );
        Check.That(isRefused || !hadEnded);
        Check.That(property.Value == (isRefused ? 0 : 1));
        Check.That(!isRefused || told.Count == 0);
        Check.IsOneOf(told, [], [1]);
        Check.That(ends == 1);
    }

    [Scenario(1000)]
    internal static void P3_an_effect_made_beside_a_set_sees_the_last_value()
    {
        var property = new Property<int>(0);
        int seen = -1;
        Threads.Run(() => property.Value = 1, () => Effect.Run(() => seen = property.Value));
        Check.That(seen == 1);
    }

    [Scenario(1000)]
    internal static void P7_a_batch_beside_a_set_ends_with_the_values_of_one_of_them()
    {
        var property = new Property<int>(0);
        var told = new List<int>();
        property.Connect(told.Add);
        Threads.Run(
            () => property.Value = 1,
            () =>
            {
                using (Property.Batch())
                {
                    property.Value = 2;
                }
            }
        );
        Check.That(told.Count > 0 && told[^1] == property.Value);
        Check.That(told.Distinct().Count() == told.Count);
    }

    /// <summary>Written where the threads are to have a chance to take turns.</summary>
    private static int _point;
}
