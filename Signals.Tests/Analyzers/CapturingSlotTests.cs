using NUnit.Framework;
using Signals.Tests.Analyzers.Support;

namespace Signals.Tests.Analyzers;

public sealed class CapturingSlotTests
{
    private const string Id = "SIG004";

    [Test]
    public Task SIG004_slots_that_capture_are_reported() =>
        UserProject.ExpectAsync(
            Id,
            """
            class View
            {
                private readonly ConnectionEvaluator _evaluator = new();
                private int _shown;

                public View(ISignal<int> signal, ISignal empty, ISignal<int, int> two, ISignal<int, int, int> three, ISignal<int, int, int, int> four, object other)
                {
                    int count = 0;
                    _ = signal.ConnectWeak(this, [|(me, x) =>|] _shown = x);
                    _ = empty.ConnectWeak(this, [|me =>|] count++);
                    _ = two.ConnectWeak(this, [|(me, x, y) =>|] Show(x));
                    _ = three.ConnectWeak(this, [|(me, x, y, z) =>|] this.Show(x));
                    _ = four.ConnectWeak(this, [|(me, a, b, c, d) =>|] Show(a));
                    _ = signal.ConnectDeferredWeak(_evaluator, this, [|(me, x) =>|] me.Show(count));
                    _ = signal.Connect(this, [|(me, x) =>|] Show(x));
                    _ = empty.Connect(1, [|state =>|] Console.WriteLine(other));
                    _ = WeakConnections.ConnectWeak(signal, this, [|(me, x) =>|] Local());
                    _ = signal.ConnectWeak(other, [|Changed|]);
                    _ = signal.ConnectWeak(this, [|delegate (View me, int x) { Show(x); }|]);

                    void Local() => count++;
                }

                private void Show(int x) => _shown = x;
                private void Changed(object target, int x) => _shown = x;
            }
            """
        );

    [Test]
    public Task SIG004_slots_that_capture_nothing_are_not_reported() =>
        UserProject.ExpectAsync(
            Id,
            """
            class View
            {
                private const int Offset = 1;
                private static int _all;
                private int _shown;

                public View(ISignal<int> signal, ISignal empty)
                {
                    const int Local = 2;
                    _ = signal.ConnectWeak(this, static (me, x) => me._shown = x);
                    _ = signal.ConnectWeak(this, (me, x) => me.Show(x + Offset + Local + _all));
                    _ = signal.ConnectWeak(this, (me, x) => { int sum = 0; Action add = () => sum += x; add(); Inner(); void Inner() => sum++; });
                    _ = signal.ConnectWeak(this, Changed);
                    _ = signal.Connect(this, (me, x) => me.Show(x));
                    _ = signal.Connect(this, (me, x) => Console.WriteLine(nameof(_shown) + StaticLocal()));
                    _ = empty.Connect(1, static state => Console.WriteLine(state));
                    _ = signal.Connect(x => Show(x));

                    static int StaticLocal() => 1;
                }

                private void Show(int x) => _shown = x;
                private static void Changed(View view, int x) => view._shown = x;
            }
            """
        );

    [Test]
    public async Task SIG004_message_names_the_kind_and_what_is_captured()
    {
        string[] messages = await UserProject.MessagesAsync(
            Id,
            """
            var signal = new Signal<int>();
            var target = new object();
            signal.ConnectWeak(target, (t, x) => target.ToString());
            _ = signal.Connect(1, (s, x) => target.ToString());
            """
        );
        Assert.That(messages[0], Does.Contain("'ConnectWeak'").And.Contain("'target'").And.Contain("alive"));
        Assert.That(messages[1], Does.Contain("'Connect'").And.Contain("'target'").And.Contain("closure"));
    }

    [TestCase("signal.ConnectWeak(this, (me, x) => Show(x));", "signal.ConnectWeak(this, static (me, x) => me.Show(x));")]
    [TestCase("signal.ConnectWeak(this, (me, x) => this._shown = x);", "signal.ConnectWeak(this, static (me, x) => me._shown = x);")]
    [TestCase(
        "signal.ConnectWeak(this, (_, x) => { Show(_shown); });",
        "signal.ConnectWeak(this, static (target, x) => { target.Show(target._shown); });"
    )]
    [TestCase("signal.ConnectWeak(list, (l, x) => list.Add(x));", "signal.ConnectWeak(list, static (l, x) => l.Add(x));")]
    [TestCase("signal.Connect(list, (l, x) => list.Add(x));", "signal.Connect(list, static (l, x) => l.Add(x));")]
    [TestCase("new Signal().ConnectWeak(this, me => Show(1));", "new Signal().ConnectWeak(this, static me => me.Show(1));")]
    [TestCase(
        "signal.ConnectDeferredWeak(evaluator, this, /* kept */ (me, x) => Show(x));",
        "signal.ConnectDeferredWeak(evaluator, this, /* kept */ static (me, x) => me.Show(x));"
    )]
    public Task SIG004_fix_uses_the_first_argument_and_compiles(string before, string after) =>
        UserProject.ExpectFixAsync(Id, InView(before), InView(after));

    [TestCase("signal.ConnectWeak(this, (me, x) => list.Add(x));")]
    [TestCase("signal.ConnectWeak(list, (l, x) => Show(x));")]
    [TestCase("signal.ConnectWeak(this, (me, x) => { Show(x); list.Add(x); });")]
    [TestCase("signal.ConnectWeak(this, (me, x) => base.ToString());")]
    public Task SIG004_has_no_fix_if_something_else_is_captured(string code) => UserProject.ExpectNoFixAsync(Id, InView(code));

    private static string InView(string statement) =>
        $$"""
            class View
            {
                private int _shown;

                public View(Signal<int> signal, List<int> list, ConnectionEvaluator evaluator)
                {
                    {{statement}}
                }

                private void Show(int x) => _shown = x;
            }
            """;
}
