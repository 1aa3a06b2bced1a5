using NUnit.Framework;
using Signals.Tests.Analyzers.Support;

namespace Signals.Tests.Analyzers;

public sealed class UndisposedOwnerTests
{
    private const string Id = "SIG003";

    [Test]
    public Task SIG003_variables_that_are_never_disposed_are_reported() =>
        UserProject.ExpectAsync(
            Id,
            """
            var signal = new Signal<int>();
            ConnectionHandle handle = signal.Connect(x => { });
            var [|created|] = new ScopedConnection(handle);
            ScopedConnection [|converted|] = handle;
            ScopedConnection? [|assigned|] = null;
            assigned = ScopedConnection.FromConnectionHandle(handle);
            var [|group|] = new ConnectionGroup();
            signal.Connect(x => { }).AddTo(group);
            group.Add(handle);
            Console.WriteLine(group.Count);
            var [|blocker|] = new ConnectionBlocker(handle);
            [|new ConnectionBlocker(handle)|];
            _ = [|new ConnectionBlocker(handle)|];
            [|new ScopedConnection(handle)|];
            Run();

            void Run()
            {
                var [|inner|] = new ConnectionGroup();
                inner.Add(handle);
            }
            """
        );

    [Test]
    public Task SIG003_variables_that_are_disposed_or_handed_over_are_not_reported() =>
        UserProject.ExpectAsync(
            Id,
            """
            var signal = new Signal<int>();
            ConnectionHandle handle = signal.Connect(x => { });
            using var a = new ScopedConnection(handle);
            using ScopedConnection b = handle;
            using (var c = new ConnectionGroup()) { c.Add(handle); }
            using (new ConnectionBlocker(handle)) { signal.Emit(1); }
            using var d = new ConnectionBlocker(handle);
            var e = new ConnectionGroup();
            try { e.Add(handle); } finally { e.Dispose(); }
            var f = new ConnectionGroup();
            f.DisconnectAll();
            var g = new ScopedConnection(handle);
            g.Release();
            ScopedConnection? h = handle;
            h?.Dispose();
            var i = new ConnectionGroup();
            Keep(i);
            var kept = new List<IDisposable>();
            var j = new ScopedConnection(handle);
            kept.Add(j);
            var k = new ConnectionGroup();
            Action end = () => k.Dispose();
            var l = new ScopedConnection(handle);
            l.Handle = default;
            var m = new ConnectionBlocker(handle);
            m.Dispose();
            var n = Make();
            Console.WriteLine(n.Handle);
            ScopedConnection Make() { var made = new ScopedConnection(handle); return made; }
            void Keep(IDisposable disposable) { }
            """
        );

    [Test]
    public Task SIG003_private_members_that_are_never_disposed_are_reported() =>
        UserProject.ExpectAsync(
            Id,
            """
            sealed class View
            {
                private readonly ConnectionGroup [|_group|] = new();
                private ScopedConnection? [|_scoped|];
                private ConnectionGroup? [|_lazy|];
                private ConnectionGroup [|Automatic|] { get; } = new();

                public View(ISignal<int> signal)
                {
                    signal.Connect(x => { }).AddTo(_group);
                    _scoped = signal.Connect(x => { });
                    (_lazy ??= new()).Add(_scoped.Handle);
                    Automatic.Add(default);
                }

                private sealed class Inner
                {
                    private readonly ConnectionGroup [|_own|] = new();
                    public void Add() => _own.Add(default);
                }
            }
            """
        );

    [Test]
    public Task SIG003_members_that_are_disposed_anywhere_in_the_type_are_not_reported() =>
        UserProject.ExpectAsync(
            Id,
            """
            sealed partial class View : IDisposable
            {
                private static readonly ConnectionGroup Forever = new();
                private readonly ConnectionGroup _group = new();
                private readonly ConnectionGroup _received;
                private readonly ConnectionGroup _published = new();
                private readonly ConnectionGroup _nested = new();
                private readonly ConnectionGroup _ended = new();
                private ScopedConnection? _scoped;
                private ScopedConnection? _exchanged;
                internal ConnectionGroup Others { get; } = new();

                public View(ConnectionGroup received, ISignal<int> signal)
                {
                    _received = received;
                    _received.Add(default);
                    _scoped = signal.Connect(x => { });
                    _exchanged = signal.Connect(x => { });
                    Forever.Add(default);
                }

                public ConnectionGroup Published => _published;
            }

            sealed partial class View
            {
                public void Dispose()
                {
                    _group.Dispose();
                    _scoped?.Dispose();
                    Interlocked.Exchange(ref _exchanged, null)?.Dispose();
                    _ended.DisconnectAll();
                }

                private sealed class Inner(View view)
                {
                    public void End() => view._nested.Dispose();
                }
            }
            """
        );
}
