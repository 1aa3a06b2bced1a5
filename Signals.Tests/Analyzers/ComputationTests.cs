using NUnit.Framework;
using Signals.Tests.Analyzers.Support;

namespace Signals.Tests.Analyzers;

public sealed class ComputationTests
{
    private const string Id = "SIG007";

    [Test]
    public Task SIG007_async_computations_and_effects_are_reported() =>
        UserProject.ExpectAsync(
            Id,
            """
            var a = new Property<int>(1);
            var task = new Property<Task<int>>(Task.FromResult(1));
            using var evaluator = new ConnectionEvaluator();
            var computed = Computed.Of([|async|] () => { await Task.Yield(); return a.Value; });
            task.Bind([|async|] () => { await Task.Yield(); return a.Value; });
            task.Bind(evaluator, [|async|] () => { await Task.Yield(); return a.Value; });
            Effect.Run([|async|] () => { await Task.Yield(); Console.WriteLine(a.Value); });
            Effect.Run(evaluator, [|async|] () => await Task.Yield());
            Computed.Of([|Read|]);
            async Task<int> Read() { await Task.Yield(); return a.Value; }
            """
        );

    [Test]
    public Task SIG007_computations_that_change_something_are_reported() =>
        UserProject.ExpectAsync(
            Id,
            """
            var a = new Property<int>(1);
            var b = new Property<int>(1);
            var names = new SignalList<string>();
            Computed.Of(() => [|a.Value = 2|]);
            Computed.Of(() => [|a.Value++|]);
            Computed.Of(() => [|a.Value += b.Value|]);
            Computed.Of(() => { [|names.Add("x")|]; return a.Value; });
            Computed.Of(() => { [|names[0] = "x"|]; [|names.Clear()|]; return a.Value; });
            Computed.Of(() => { [|a.Unbind()|]; return a.Value; });
            b.Bind(() => { if (a.Value > 1) { [|b.Value = 1|]; } return a.Value; });
            b.Bind(() => Property.Untracked(() => [|a.Value = 1|]));
            b.Bind(Compute);
            int Compute() => [|a.Value = 3|];

            class Model
            {
                private readonly Property<int> _width = new(1);
                private readonly Computed<int> _area;
                public Model() => _area = Computed.Of(() => [|_width.Value = 2|]);
            }
            """
        );

    [Test]
    public Task SIG007_computations_that_read_and_effects_that_set_are_not_reported() =>
        UserProject.ExpectAsync(
            Id,
            """
            var a = new Property<int>(1);
            var b = new Property<int>(1);
            var names = new SignalList<string>();
            using var evaluator = new ConnectionEvaluator();
            var sum = Computed.Of(() => { int x = a.Value; x++; var list = new List<int>(); list.Add(x); return x + b.Value + names.Count; });
            b.Bind(() => a.Value);
            b.Bind(evaluator, () => a.Peek());
            using var effect = Effect.Run(() => b.Value = a.Value);
            var commands = Computed.Of<Action>(() => () => a.Value = 1);
            a.Connect(x => b.Value = x);
            a.Value = 2;
            var other = Computed.Of(() => new Other { Value = a.Value });

            class Other { public int Value { get; set; } }
            """
        );

    [Test]
    public async Task SIG007_message_tells_what_is_wrong()
    {
        string[] messages = await UserProject.MessagesAsync(
            Id,
            """
            var a = new Property<int>(1);
            Computed.Of(() => a.Value = 2);
            Effect.Run(async () => await Task.Yield());
            """
        );
        Assert.That(messages, Has.Exactly(1).Contains("'a'").And.Exactly(1).StartsWith("An effect must not be async"));
    }
}
