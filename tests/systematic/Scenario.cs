using System.Reflection;
using Microsoft.Coyote;
using Microsoft.Coyote.SystematicTesting;
using Signals.Systematic.Support;

namespace Signals.Systematic;

/// <summary>Method that is run in many schedules.</summary>
internal sealed class Scenario
{
    private readonly MethodInfo _method;
    private readonly ScenarioAttribute _settings;

    private Scenario(MethodInfo method, ScenarioAttribute settings)
    {
        _method = method;
        _settings = settings;
    }

    internal string Name => _method.Name;

    /// <summary>Gets the number of schedules to explore.</summary>
    internal uint Schedules => (uint)_settings.Schedules;

    /// <summary>Gets the time after which no further schedule is begun.</summary>
    internal TimeSpan TimeLimit => TimeSpan.FromSeconds(_settings.Seconds);

    /// <summary>Finds the scenarios of this program, those of one class together, in the order of their declaration.</summary>
    internal static IEnumerable<Scenario> All() =>
        from type in typeof(Scenario).Assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.Static | BindingFlags.NonPublic)
        let settings = method.GetCustomAttribute<ScenarioAttribute>()
        where settings is not null
        orderby type.FullName, method.MetadataToken
        select new Scenario(method, settings);

    /// <summary>Gets the additional points at which threads take turns.</summary>
    internal IReadOnlyList<Interleaving> Interleavings =>
        _settings.InterleavesPlainAccess ? [Interleaving.AtFields, Interleaving.AtBranches] : [Interleaving.AtSynchronization];

    internal TestingEngine CreateEngine(Configuration configuration, Interleaving interleaving)
    {
        configuration = configuration
            .WithMemoryAccessRaceCheckingEnabled(interleaving == Interleaving.AtFields)
            .WithControlFlowRaceCheckingEnabled(interleaving == Interleaving.AtBranches);
        Func<Task> scenario = CreateDelegate();
        TestingEngine engine = TestingEngine.Create(configuration, () => ControlledThreadPool.RunToEndAsync(scenario));
        engine.SetLogger(new SilentLogger());
        return engine;
    }

    private Func<Task> CreateDelegate()
    {
        if (_method.ReturnType == typeof(Task))
        {
            return _method.CreateDelegate<Func<Task>>();
        }

        Action action = _method.CreateDelegate<Action>();
        return () =>
        {
            action();
            return Task.CompletedTask;
        };
    }
}
