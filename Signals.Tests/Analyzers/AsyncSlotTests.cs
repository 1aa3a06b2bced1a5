using NUnit.Framework;
using Signals.Tests.Analyzers.Support;

namespace Signals.Tests.Analyzers;

public sealed class AsyncSlotTests
{
    private const string Id = "SIG001";

    [Test]
    public Task SIG001_async_lambda_is_reported_for_signals_of_every_arity() =>
        UserProject.ExpectAsync(
            Id,
            """
            new Signal().Connect([|async|] () => await Task.Yield());
            new Signal<int>().Connect([|async|] x => await Task.Yield());
            new Signal<int, int>().Connect([|async|] (x, y) => await Task.Yield());
            new Signal<int, int, int>().Connect([|async|] (x, y, z) => await Task.Yield());
            new Signal<int, int, int, int>().Connect([|async|] (a, b, c, d) => await Task.Yield());
            new Signal<int>().Connect([|async|] () => await Task.Yield());
            new Signal().Connect([|async|] delegate { await Task.Yield(); });
            """
        );

    [Test]
    public Task SIG001_async_lambda_is_reported_for_every_kind_of_connection() =>
        UserProject.ExpectAsync(
            Id,
            """
            using var evaluator = new ConnectionEvaluator();
            var signal = new Signal<int>();
            ISignal<int> published = signal;
            var target = new object();
            published.Connect([|async|] x => await Task.Yield());
            PlainConnections.Connect(published, [|async|] x => await Task.Yield());
            signal?.Connect([|async|] x => await Task.Yield());
            published.Connect([|async|] x => await Task.Yield(), new ConnectOptions { Group = 1 });
            published.Connect(1, [|async|] (state, x) => await Task.Yield());
            published.ConnectWeak(target, [|async|] (t, x) => await Task.Yield());
            published.ConnectSingleShot([|async|] x => await Task.Yield());
            published.ConnectReflective([|async|] (handle, x) => await Task.Yield());
            published.ConnectDeferred(evaluator, [|async|] x => await Task.Yield());
            published.ConnectDeferredLatest(evaluator, slot: [|async|] x => await Task.Yield());
            published.ConnectDeferredWeak(evaluator, target, [|async|] (t, x) => await Task.Yield());
            published.ConnectBlocking(evaluator, [|async|] x => await Task.Yield());
            new Property<int>(1).ConnectWithCurrent([|async|] x => await Task.Yield());
            evaluator.Disposed.Connect([|async|] () => await Task.Yield());
            """
        );

    [Test]
    public Task SIG001_async_void_methods_local_functions_and_variables_are_reported() =>
        UserProject.ExpectAsync(
            Id,
            """
            class View
            {
                private readonly Signal<int> _signal = new();

                public View(ISignal<int> other)
                {
                    _signal.Connect([|OnValue|]);
                    _signal.Connect([|this.OnValue|]);
                    _signal.Connect([|Local|]);
                    _signal.Connect(new Action<int>([|OnValue|]));
                    Action<int> slot = async x => await Task.Yield();
                    _signal.Connect([|slot|]);
                    async void Local(int x) => await Task.Yield();
                }

                private async void OnValue(int x) => await Task.Yield();
            }
            """
        );

    [Test]
    public Task SIG001_constructors_initializers_and_expression_bodies_are_seen() =>
        UserProject.ExpectAsync(
            Id,
            """
            class View
            {
                private static readonly Signal<int> Changed = new();
                private readonly ConnectionHandle _field = Changed.Connect([|async|] x => await Task.Yield());
                private static ConnectionHandle Automatic { get; } = Changed.Connect([|async|] x => await Task.Yield());
                private ConnectionHandle Getter => Changed.Connect([|async|] x => await Task.Yield());
                static View() => Changed.Connect([|async|] x => await Task.Yield());
                public View() : this(Changed.Connect([|async|] x => await Task.Yield())) { }
                public View(ConnectionHandle handle) { _field = handle; }
                ~View() => Changed.Connect([|async|] x => await Task.Yield());
                public Action Nested => () => Changed.Connect([|async|] x => await Task.Yield());
            }
            """
        );

    [Test]
    public Task SIG001_connecting_method_of_another_class_is_reported() =>
        UserProject.ExpectAsync(
            Id,
            """
            class Button(ISignal<int> clicked)
            {
                public ConnectionHandle ConnectClicked(Action<int> slot) => clicked.Connect(slot);
                public ConnectionHandle Own() => ConnectClicked([|async|] x => await Task.Yield());
            }
            """
        );

    [Test]
    public Task SIG001_slots_that_are_not_async_void_are_not_reported() =>
        UserProject.ExpectAsync(
            Id,
            """
            using var evaluator = new ConnectionEvaluator();
            var signal = new Signal<int>();
            signal.Connect(x => Console.WriteLine(x));
            signal.Connect(x => { Task.Run(async () => await Task.Yield()); });
            signal.ConnectAsync(async (x, token) => await Task.Yield());
            signal.ConnectDeferredAsync(evaluator, async (x, token) => await Task.Yield());
            var query = new Query<int, Task>();
            query.Connect(async x => await Task.Yield());
            Action<int> slot = x => { };
            signal.Connect(slot);
            Run(async () => await Task.Yield());
            new Other().Connect(async () => await Task.Yield());

            static void Run(Func<Task> run) { }

            class Other { public void Connect(Action run) { } }
            """
        );

    [Test]
    public async Task SIG001_message_names_the_replacement()
    {
        string[] messages = await UserProject.MessagesAsync(
            Id,
            """
            using var evaluator = new ConnectionEvaluator();
            new Signal().Connect(async () => await Task.Yield());
            new Signal().ConnectDeferred(evaluator, async () => await Task.Yield());
            """
        );
        Assert.That(messages[0], Does.Contain("'ConnectAsync'"));
        Assert.That(messages[1], Does.Contain("'ConnectDeferredAsync'"));
    }

    [TestCase("new Signal().Connect(async () => await Task.Yield());", "new Signal().ConnectAsync(async (cancellationToken) => await Task.Yield());")]
    [TestCase(
        "new Signal<int>().Connect(async x => await Task.Yield());",
        "new Signal<int>().ConnectAsync(async (x, cancellationToken) => await Task.Yield());"
    )]
    [TestCase(
        "new Signal<int>().Connect(async _ => await Task.Yield());",
        "new Signal<int>().ConnectAsync(async (_, cancellationToken) => await Task.Yield());"
    )]
    [TestCase(
        "new Signal<int>().Connect(async () => await Task.Yield());",
        "new Signal<int>().ConnectAsync(async (_, cancellationToken) => await Task.Yield());"
    )]
    [TestCase(
        "new Signal<int, int>().Connect(async () => await Task.Yield());",
        "new Signal<int, int>().ConnectAsync(async (_, _, cancellationToken) => await Task.Yield());"
    )]
    [TestCase(
        "new Signal<int, int>().Connect(async (x, _) => { await Task.Delay(x); return; });",
        "new Signal<int, int>().ConnectAsync(async (x, _, cancellationToken) => { await Task.Delay(x); return; });"
    )]
    [TestCase(
        "new Signal<int, int, int, int>().Connect(async (a, b, c, d) => await Task.Yield());",
        "new Signal<int, int, int, int>().ConnectAsync(async (a, b, c, d, cancellationToken) => await Task.Yield());"
    )]
    [TestCase(
        "new Signal<int>().Connect(async (int x) => await Task.Yield());",
        "new Signal<int>().ConnectAsync(async (int x, CancellationToken cancellationToken) => await Task.Yield());"
    )]
    [TestCase(
        "new Signal<int>().Connect(async void (int x) => await Task.Yield());",
        "new Signal<int>().ConnectAsync(async ValueTask (int x, CancellationToken cancellationToken) => await Task.Yield());"
    )]
    [TestCase(
        "new Signal<int>().Connect(async delegate (int x) { await Task.Yield(); });",
        "new Signal<int>().ConnectAsync(async delegate (int x, CancellationToken cancellationToken) { await Task.Yield(); });"
    )]
    [TestCase("new Signal().Connect(async delegate { await Task.Yield(); });", "new Signal().ConnectAsync(async delegate { await Task.Yield(); });")]
    [TestCase(
        "Signal<int>? signal = new(); signal?.Connect(static async x => await Task.Yield());",
        "Signal<int>? signal = new(); signal?.ConnectAsync(static async (x, cancellationToken) => await Task.Yield());"
    )]
    [TestCase(
        "PlainConnections.Connect(new Signal<int>(), async x => await Task.Yield());",
        "AsyncConnections.ConnectAsync(new Signal<int>(), async (x, cancellationToken) => await Task.Yield());"
    )]
    [TestCase(
        "new Property<int>(1).Connect<int>(async x => await Task.Yield());",
        "new Property<int>(1).ConnectAsync<int>(async (x, cancellationToken) => await Task.Yield());"
    )]
    [TestCase(
        "using var own = new ConnectionEvaluator(); new Signal<int>().ConnectDeferred(own, async x => await Task.Yield());",
        "using var own = new ConnectionEvaluator(); new Signal<int>().ConnectDeferredAsync(own, async (x, cancellationToken) => await Task.Yield());"
    )]
    [TestCase(
        "CancellationToken cancellationToken = default; new Signal<int>().Connect(async x => await Task.Delay(x, cancellationToken));",
        "CancellationToken cancellationToken = default; new Signal<int>().ConnectAsync(async (x, token) => await Task.Delay(x, cancellationToken));"
    )]
    [TestCase(
        "new Signal<int>().Connect(/* kept */ async x =>\n{\n    // Kept, too.\n    await Task.Yield();\n});",
        "new Signal<int>().ConnectAsync(/* kept */ async (x, cancellationToken) =>\n{\n    // Kept, too.\n    await Task.Yield();\n});"
    )]
    public Task SIG001_fix_connects_with_ConnectAsync_and_compiles(string before, string after) => UserProject.ExpectFixAsync(Id, before, after);

    [Test]
    public Task SIG001_fix_imports_the_namespace_of_the_extension_methods() =>
        UserProject.ExpectFixAsync(
            Id,
            "new Signals.Signal<int>().Connect(async x => await Task.Yield());",
            "using Signals;\n\nnew Signals.Signal<int>().ConnectAsync(async (x, cancellationToken) => await Task.Yield());",
            usings: "using System.Threading.Tasks;\n"
        );

    [TestCase("new Signal<int>().ConnectSingleShot(async x => await Task.Yield());")]
    [TestCase("new Signal<int>().Connect(1, async (state, x) => await Task.Yield());")]
    [TestCase("new Signal<int>().Connect(async x => await Task.Yield(), new ConnectOptions());")]
    [TestCase("Action<int> slot = async x => await Task.Yield(); new Signal<int>().Connect(slot);")]
    public Task SIG001_has_no_fix_where_the_kind_has_no_counterpart(string code) => UserProject.ExpectNoFixAsync(Id, code);
}
