using NUnit.Framework;
using Signals.Tests.Analyzers.Support;

namespace Signals.Tests.Analyzers;

public sealed class PublicSignalTests
{
    private const string Id = "SIG005";

    [Test]
    public Task SIG005_public_fields_and_properties_of_every_arity_are_reported() =>
        UserProject.ExpectAsync(
            Id,
            """
            public class Model
            {
                private readonly Signal<int> _changed = new();
                public readonly Signal [|Empty|] = new();
                public Signal<int> [|One|] = new();
                public static Signal<int, int> [|Two|] { get; } = new();
                public Signal<int, int, int> [|Three|] { get; set; } = new();
                public Signal<int, int, int, int>? [|Four|] { get; init; }
                public Signal<int> [|Changed|] => _changed;
            }

            public interface IModel { Signal<int> [|Changed|] { get; } }

            public struct Small { public Signal [|Changed|]; }

            public record Message(Signal<int> [|Changed|]);

            internal class Hidden { public Signal [|Changed|] { get; } = new(); }
            """
        );

    [Test]
    public Task SIG005_published_and_hidden_signals_are_not_reported() =>
        UserProject.ExpectAsync(
            Id,
            """
            public class Model : IOld
            {
                private readonly Signal<int> _changed = new();
                internal Signal Internal { get; } = new();
                protected Signal Protected { get; } = new();
                public ISignal<int> Changed => _changed;
                public List<Signal> Signals { get; } = [];
                public Property<int> Value { get; } = new(1);
                public Signal<int> Create() => new();
                Signal IOld.Old => new();
                private class Nested { public Signal Changed { get; } = new(); }
            }

            internal interface IOld
            {
            #pragma warning disable SIG005
                Signal Old { get; }
            #pragma warning restore SIG005
            }

            internal class Implicit : IOld { public Signal Old { get; } = new(); }
            """
        );

    [TestCase(
        "    public Signal<int> Changed { get; } = new();\n",
        "    private readonly Signal<int> _changed = new();\n\n    public ISignal<int> Changed => _changed;\n",
        "Changed",
        "_changed"
    )]
    [TestCase(
        "    public readonly Signal<int> Changed = new();\n",
        "    private readonly Signal<int> _changed = new();\n\n    public ISignal<int> Changed => _changed;\n",
        "Changed",
        "_changed"
    )]
    [TestCase(
        "    /// <summary>Kept.</summary>\n    public static Signal<int> Changed { get; } = new();\n",
        "    private static readonly Signal<int> _changed = new();\n\n    /// <summary>Kept.</summary>\n    public static ISignal<int> Changed => _changed;\n",
        "Changed",
        "_changed"
    )]
    [TestCase(
        "    private readonly Signal<int> _own = new();\n    public Signal<int> Changed => _own;\n",
        "    private readonly Signal<int> _own = new();\n    public ISignal<int> Changed => _own;\n",
        "_own",
        "_own"
    )]
    [TestCase(
        "    private readonly Signals.Signal<int> _changed = new();\n    public Signals.Signal<int> Changed { get { return _changed; } }\n",
        "    private readonly Signals.Signal<int> _changed = new();\n    public Signals.ISignal<int> Changed { get { return _changed; } }\n",
        "_changed",
        "_changed"
    )]
    [TestCase(
        "    private int _changed;\n    public Signal<int> Changed { get; } = new();\n",
        "    private int _changed;\n    private readonly Signal<int> _changed2 = new();\n\n    public ISignal<int> Changed => _changed2;\n",
        "Changed",
        "_changed2"
    )]
    public Task SIG005_fix_publishes_an_ISignal_and_compiles(string before, string after, string usedBefore, string usedAfter) =>
        UserProject.ExpectFixAsync(Id, Model(before, usedBefore), Model(after, usedAfter));

    [Test]
    public Task SIG005_fix_keeps_what_a_constructor_assigns() =>
        UserProject.ExpectFixAsync(
            Id,
            """
            public class Model
            {
                public Model() => Changed = new();
                public Signal? Changed { get; }
            }
            """,
            """
            public class Model
            {
                public Model() => _changed = new();
                private readonly Signal? _changed;

                public ISignal? Changed => _changed;
            }
            """
        );

    [TestCase("public class Model { public Signal Changed { get; set; } = new(); }")]
    [TestCase("public interface IModel { Signal Changed { get; } }")]
    [TestCase("public class Model { public virtual Signal Changed { get; } = new(); }")]
    [TestCase("public record Message(Signal<int> Changed);")]
    public Task SIG005_has_no_fix_where_other_code_determines_the_type(string code) => UserProject.ExpectNoFixAsync(Id, code);

    private static string Model(string members, string used) =>
        $$"""
            public class Model
            {
            {{members}}
                public void Raise() => {{used}}.Emit(1);
            }
            """;
}
