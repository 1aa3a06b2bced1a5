using System.ComponentModel;
using CommunityToolkit.Mvvm.ComponentModel;
using R3;

namespace Signals.Benchmarks.Compare;

/// <summary>The cost of single properties.</summary>
internal static class PropertyRows
{
    private const int Count = 10_000;
    private const int Objects = 64;
    private const double SetAllowance = 1.5;
    private const double ReadAllowance = 2;
    private const double MostBytes = 56;
    private const double MostBytesOfComputed = 160;

    /// <summary>The sum of all values that were read or passed to slots, so that no read is optimized away.</summary>
    internal static long Sum { get; private set; }

    internal static void AddSetsTo(Table table)
    {
        Contender[] none = Setting(0);
        Contender[] one = Setting(1);
        Contender[] eight = Setting(8);
        Measure.WarmUp([.. none, .. one, .. eight]);
        Add(table, "set, nothing connected", none, SetAllowance);
        Add(table, "set, 1 slot", one, 1);
        Add(table, "set, 8 slots", eight, 1);
    }

    internal static void AddReadsTo(Table table)
    {
        // Many objects, so that no read can be hoisted out of the loop.
        Property<int>[] properties = [.. Enumerable.Range(0, Objects).Select(static i => new Property<int>(i))];
        Computed<int>[] computed = [.. properties.Select(static property => Computed.Of(() => property.Value + 1))];
        Holder[] holders = [.. Enumerable.Range(0, Objects).Select(static i => new Holder { Number = i })];
        Observable[] observables = [.. Enumerable.Range(0, Objects).Select(static i => new Observable { Number = i })];
        ReactiveProperty<int>[] reactives = [.. Enumerable.Range(0, Objects).Select(static i => new ReactiveProperty<int>(i))];
        Sum += computed.Sum(static node => (long)node.Value);
        Contender[] Beside(Contender ours) =>
            [
                ours,
                new(
                    PeerKind.Event,
                    n =>
                    {
                        int sum = 0;
                        for (int i = 0; i < n; i++)
                        {
                            sum += holders[i % Objects].Number;
                        }

                        Sum += sum;
                    }
                )
                {
                    Label = "field",
                },
                new(
                    PeerKind.R3,
                    n =>
                    {
                        int sum = 0;
                        for (int i = 0; i < n; i++)
                        {
                            sum += reactives[i % Objects].Value;
                        }

                        Sum += sum;
                    }
                ),
                new(
                    PeerKind.Toolkit,
                    n =>
                    {
                        int sum = 0;
                        for (int i = 0; i < n; i++)
                        {
                            sum += observables[i % Objects].Number;
                        }

                        Sum += sum;
                    }
                ),
            ];
        Contender[] ofProperty = Beside(
            new(
                PeerKind.Ours,
                n =>
                {
                    int sum = 0;
                    for (int i = 0; i < n; i++)
                    {
                        sum += properties[i % Objects].Value;
                    }

                    Sum += sum;
                }
            )
        );
        Contender[] ofComputed = Beside(
            new(
                PeerKind.Ours,
                n =>
                {
                    int sum = 0;
                    for (int i = 0; i < n; i++)
                    {
                        sum += computed[i % Objects].Value;
                    }

                    Sum += sum;
                }
            )
        );
        Measure.WarmUp([.. ofProperty, .. ofComputed]);
        Measure.InTurns(ofProperty);
        table.Add(Row.OfTimes("read outside of computations", ofProperty, GoalBeside(ofProperty, PeerKind.Event, ReadAllowance)));
        Measure.InTurns(ofComputed);
        table.Add(Row.OfTimes("read a current computed property", ofComputed, GoalBeside(ofComputed, PeerKind.Event, ReadAllowance)));
    }

    internal static void AddMemoryTo(Table table)
    {
        var first = new Property<int>(1);
        var second = new Property<int>(2);
        Func<int> compute = () => first.Value + second.Value;
        double ofR3 = Retained(static () => new ReactiveProperty<int>(1));
        double ofToolkit = Retained(static () => new Observable());
        PeerFigure[] peers = [new(PeerKind.R3, null, ofR3), new(PeerKind.Toolkit, null, ofToolkit)];
        table.Add(new Row("memory of a property", "B", Retained(static () => new Property<int>(1)), peers, Goal.AtMost(MostBytes)));
        double ofComputed = Retained(() =>
        {
            Computed<int> computed = Computed.Of(compute);
            _ = computed.Value;
            return computed;
        });
        table.Add(new Row("memory of a computed property with 2 dependencies", "B", ofComputed, [], Goal.AtMost(MostBytesOfComputed)));
    }

    /// <summary>Returns the goal of a multiple of what a peer costs in the same run.</summary>
    internal static Goal GoalBeside(Contender[] contenders, PeerKind kind, double times) =>
        Goal.AtMostScaled(times, contenders.Single(contender => contender.Kind == kind).Nanoseconds);

    private static void Add(Table table, string measure, Contender[] contenders, double allowance)
    {
        Measure.InTurns(contenders);
        table.Add(Row.OfTimes(measure, contenders, GoalBeside(contenders, PeerKind.R3, allowance)));
        table.Add(Row.OfBytes(measure, contenders, Goal.AtMost(0)));
    }

    private static Contender[] Setting(int slots)
    {
        var property = new Property<int>(0);
        var reactive = new ReactiveProperty<int>(0);
        var observable = new Observable();
        var field = new Holder();
        for (int i = 0; i < slots; i++)
        {
            property.Connect(static value => Sum += value);
            reactive.Subscribe(static value => Sum += value);
            observable.PropertyChanged += static (sender, _) => Sum += ((Observable)sender!).Number;
            field.Changed += static value => Sum += value;
        }

        int next = 0;
        return
        [
            new(
                PeerKind.Ours,
                n =>
                {
                    for (int i = 0; i < n; i++)
                    {
                        property.Value = ++next;
                    }
                }
            ),
            new(
                PeerKind.R3,
                n =>
                {
                    for (int i = 0; i < n; i++)
                    {
                        reactive.Value = ++next;
                    }
                }
            ),
            new(
                PeerKind.Toolkit,
                n =>
                {
                    for (int i = 0; i < n; i++)
                    {
                        observable.Number = ++next;
                    }
                }
            ),
            new(
                PeerKind.Event,
                n =>
                {
                    for (int i = 0; i < n; i++)
                    {
                        field.Set(++next);
                    }
                }
            )
            {
                Label = "event",
            },
        ];
    }

    private static double Retained(Func<object> create)
    {
        object[] objects = new object[Count];
        _ = create();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < objects.Length; i++)
        {
            objects[i] = create();
        }

        long after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(objects);
        return (double)(after - before) / objects.Length;
    }

    private sealed class Holder
    {
        internal event Action<int>? Changed;

        internal int Number { get; set; }

        internal void Set(int number)
        {
            if (Number != number)
            {
                Number = number;
                Changed?.Invoke(number);
            }
        }
    }

    private sealed class Observable : ObservableObject
    {
        private static readonly PropertyChangedEventArgs NumberChanged = new(nameof(Number));
        private static readonly PropertyChangingEventArgs NumberChanging = new(nameof(Number));
        private int _number;

        internal int Number
        {
            get => _number;
            set
            {
                // As the source generator of the toolkit writes it.
                if (_number != value)
                {
                    OnPropertyChanging(NumberChanging);
                    _number = value;
                    OnPropertyChanged(NumberChanged);
                }
            }
        }
    }
}
