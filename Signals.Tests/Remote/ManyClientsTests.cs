using NUnit.Framework;
using Signals.Ipc;
using Signals.Remote;

namespace Signals.Tests.Remote;

/// <summary>X17: what a host imports from all its clients.</summary>
public sealed class ManyClientsTests
{
    [Test]
    public async Task X17_emissions_of_all_clients_arrive_once_while_at_least_one_exports_the_name()
    {
        await using var many = new ManyClients(3);
        Signal<int>[] signals = many.Export("a");
        var received = new List<int>();
        RemoteSignal<int> import = many.Host.Import<int>("a");
        import.Connect(received.Add);
        many.UntilSubscribed(3);
        for (int i = 0; i < 300; i++)
        {
            signals[i % 3].Emit(i);
        }

        many.Until(() => received.Count >= 300);
        Assert.That(received.Order(), Is.EqualTo(Enumerable.Range(0, 300)));
        Assert.That(Enumerable.Range(0, 3).Select(client => received.Where(value => value % 3 == client)), Has.All.Ordered);
        await many.EndAsync(0);
        await many.EndAsync(1);
        many.Until(() => many.Host.ClientCount == 1);
        signals[2].Emit(1000);
        many.Until(() => received.Count == 301);
        Assert.That(import.State, Is.EqualTo(RemoteState.Live));
        await many.EndAsync(2);
        many.Until(() => import.State == RemoteState.Stale);
    }

    [Test]
    public async Task X17_missed_is_told_for_each_client()
    {
        await using var many = new ManyClients(2);
        Signal<int>[] signals = many.Export("a");
        long missed = 0;
        int received = 0;
        var expected = new int[2];
        RemoteSignal<int> import = many.Host.Import<int>("a", new ImportOptions { Capacity = 4 });
        import.Missed.Connect(gap => missed += gap.Count!.Value);
        import.Connect(value =>
        {
            Assert.That(value, Is.GreaterThanOrEqualTo(expected[value % 2]));
            expected[value % 2] = value;
            received++;
        });
        many.UntilSubscribed(2);
        for (int i = 0; i < 1000; i++)
        {
            signals[i % 2].Emit(i);
        }

        many.Until(() => received + missed == 1000, "the account of all emissions");
        Assert.That(missed, Is.Positive.And.EqualTo(many.Exports.Sum(static export => export.DroppedCount)));
    }

    [Test]
    public async Task X17_a_property_of_two_clients_is_refused_until_only_one_has_it()
    {
        await using var many = new ManyClients(2);
        var first = new Property<int>(1);
        var second = new Property<int>(2);
        ExportedProperty<int> one = many.Clients[0].Export("p", first);
        var received = new List<int>();
        RemoteProperty<int> import = many.Host.ImportProperty<int>("p");
        import.Connect(received.Add);
        many.Until(() => import.HasValue);
        ExportedProperty<int> other = many.Clients[1].Export("p", second);
        many.Until(() => import.State == RemoteState.Refused);
        Assert.That(import.StateReason, Is.EqualTo("2 exporters have a property of this name"));
        Assert.That(async () => await import.RequestSetAsync(5), Throws.InstanceOf<RemoteRefusedException>());
        one.Dispose();
        many.Until(() => import.State == RemoteState.Live && import.Value == 2, "the value of the other one");
        Assert.That(received, Is.EqualTo([1, 2]));
        many.Clients[0].Export("p", first);
        many.Until(() => import.State == RemoteState.Refused);
        many.Until(() => other.SubscriberCount == 1);
        second.Value = 3;
        await many.EndAsync(0);
        many.Until(() => import.State == RemoteState.Live && import.Value == 3, "the value that was set meanwhile");
        Assert.That(received, Is.EqualTo([1, 2, 3]));
    }

    [Test]
    public async Task X17_an_import_outlives_its_client_and_another_one_continues_it_with_a_gap()
    {
        await using var many = new ManyClients(1);
        Signal<int> signal = many.Export("a")[0];
        var log = new List<string>();
        RemoteSignal<int> import = many.Host.Import<int>("a");
        import.StateChanged.Connect(state => log.Add($"{state}"));
        import.Missed.Connect(gap => log.Add($"{gap.Cause} {gap.Count}"));
        import.Connect(value => log.Add($"{value}"));
        many.UntilSubscribed(1);
        signal.Emit(1);
        many.Until(() => log.Contains("1"));
        await many.EndAsync(0);
        many.Until(() => log.Contains("Stale"));
        IpcClient another = many.Add();
        using var again = new Signal<int>();
        another.Export("a", again);
        many.Until(() => import.State == RemoteState.Live);
        again.Emit(2);
        many.Until(() => log.Contains("2"));
        Assert.That(log, Is.EqualTo(["Waiting", "Live", "1", "Stale", "Live", "Restarted ", "2"]));
    }

    [Test]
    public async Task X17_importing_from_one_client_and_from_all_are_separate()
    {
        await using var many = new ManyClients(2);
        Signal<int>[] signals = many.Export("a");
        var all = new List<int>();
        var own = new List<int>();
        many.Host.Import<int>("a").Connect(all.Add);
        many.Host.ImporterFor(many.Infos[0]).Import<int>("a").Connect(own.Add);
        many.Until(() => many.Exports[0].SubscriberCount == 2 && many.Exports[1].SubscriberCount == 1);
        signals[0].Emit(1);
        signals[1].Emit(2);
        many.Until(() => all.Count == 2 && own.Count == 1);
        Assert.That(all, Is.EquivalentTo([1, 2]));
        Assert.That(own, Is.EqualTo([1]));
    }

    [Test]
    public async Task X11_a_client_that_may_not_export_does_not_hide_the_others()
    {
        await using var many = new ManyClients(2, static (client, _) => client.Id != 1);
        Signal<int>[] signals = many.Export("a");
        var received = new List<int>();
        RemoteSignal<int> import = many.Host.Import<int>("a");
        import.Connect(received.Add);
        many.Until(() => import.State == RemoteState.Live);
        Array.ForEach(signals, static signal => signal.Emit(1));
        many.Until(() => received.Count == 1);
        Assert.That(many.Exports.Single(static export => export.SubscriberCount == 0), Is.SameAs(many.Exports[many.IndexOf(1)]));
    }

    [Test]
    public async Task X11_an_import_is_refused_if_no_client_may_export_it()
    {
        await using var many = new ManyClients(1, static (_, name) => name != "a");
        RemoteSignal<int> refused = many.Host.Import<int>("a");
        refused.Connect(static _ => { });
        many.Export("b");
        many.Until(() => refused.State == RemoteState.Refused);
        Assert.That(refused.StateReason, Is.EqualTo("not allowed"));
    }

    [Test]
    public async Task X17_clients_that_come_and_go_while_others_emit_leave_nothing_untold()
    {
        await using var many = new ManyClients(2);
        Signal<int>[] signals = many.Export("a");
        int received = 0;
        long missed = 0;
        RemoteSignal<int> import = many.Host.Import<int>("a");
        import.Missed.Connect(gap => missed += gap.Count ?? 0);
        import.Connect(value => received += value);
        many.UntilSubscribed(2);
        for (int round = 0; round < 10; round++)
        {
            IpcClient visitor = many.Add();
            using var visiting = new Signal<int>();
            ExportedSignal export = visitor.Export("a", visiting);
            many.Until(() => export.SubscriberCount == 1);
            for (int i = 0; i < 50; i++)
            {
                Array.ForEach(signals, static signal => signal.Emit(1));
                visiting.Emit(0);
            }

            await visitor.DisposeAsync();
        }

        many.Until(() => received + missed == 1000, "the account of what the clients that remained have emitted");
        Assert.That(import.State, Is.EqualTo(RemoteState.Live));
    }
}
