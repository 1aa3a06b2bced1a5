using NUnit.Framework;
using Signals.Tests.Analyzers.Support;

namespace Signals.Tests.Analyzers;

public sealed class IgnoredHandleTests
{
    private const string Id = "SIG002";

    [Test]
    public Task SIG002_ignored_handle_of_a_signal_of_another_object_is_reported() =>
        UserProject.ExpectAsync(
            Id,
            """
            class View
            {
                private readonly ISignal<int> _received;
                private readonly Model _model;
                private int _shown;

                public View(Model model, ISignal<int> received, ConnectionEvaluator evaluator)
                {
                    _model = model;
                    _received = received;
                    [|model.Changed.Connect(x => _shown = x)|];
                    [|model.Changed.Connect(Show)|];
                    [|_model.Changed.Connect(x => Show(x))|];
                    [|received.Connect(this, static (me, x) => me.Show(x))|];
                    [|_received.Connect(x => Show(x))|];
                    [|Model.Any.Connect(x => Show(x))|];
                    [|received.ConnectDeferred(evaluator, x => Show(x))|];
                    [|received.ConnectAsync(async (x, token) => Show(x))|];
                    model?[|.Changed.Connect(x => Show(x))|];
                    var changed = model!.Changed;
                    [|changed.Connect(x => Show(x))|];
                }

                public void Follow(Model model) => [|model.Changed.Connect(x => Show(x))|];

                private void Show(int x) => _shown = x;
            }

            class Model
            {
                private static readonly Signal<int> AnySignal = new();
                private readonly Signal<int> _changed = new();
                public static ISignal<int> Any => AnySignal;
                public ISignal<int> Changed => _changed;
            }
            """
        );

    [Test]
    public Task SIG002_kept_handles_and_own_signals_are_not_reported() =>
        UserProject.ExpectAsync(
            Id,
            """
            using var group = new ConnectionGroup();
            var own = new Signal<int>();
            var list = new List<int>();
            var model = new Model();
            own.Connect(x => list.Add(x));
            model.Changed.Connect(x => list.Add(x));
            new Model().Changed.Connect(list.Add);

            class View : IDisposable
            {
                private readonly ConnectionGroup _connections = new();
                private readonly ConnectionEvaluator _evaluator = new();
                private readonly Signal<int> _own = new();
                private readonly Model _child = new();
                private readonly Model _other;
                private readonly Model _made;
                private ConnectionHandle _kept;
                private int _shown;

                public View(Model model, ISignal<int> received)
                {
                    _other = new Model();
                    _own.Connect(x => Show(x));
                    _child.Changed.Connect(Show);
                    _other.Changed.Connect(Show);
                    this._made = Model.Create();
                    _made.Changed.Connect(Show);
                    Published.Connect(Show);
                    _kept = model.Changed.Connect(x => Show(x));
                    model.Changed.Connect(x => Show(x)).AddTo(_connections);
                    _ = model.Changed.Connect(x => Show(x));
                    model.Changed.Connect(x => Console.WriteLine(x));
                    model.Changed.Connect(Log);
                    model.Changed.Connect(x => model.Touch());
                    model.Changed.ConnectWeak(this, static (me, x) => me.Show(x));
                    model.Changed.ConnectSingleShot(x => Show(x));
                    model.Changed.ConnectReflective((handle, x) => handle.Disconnect());
                    received.ConnectDeferred(_evaluator, x => Show(x));
                }

                public ISignal<int> Published => _own;

                public void Dispose()
                {
                    _connections.Dispose();
                    _evaluator.Dispose();
                }

                private static void Log(int x) => Console.WriteLine(x);
                private void Show(int x) => _shown = x;
            }

            class Model
            {
                private readonly Signal<int> _changed = new();
                public ISignal<int> Changed => _changed;
                public static Model Create() => new();
                public void Touch() { }
            }
            """
        );
}
