using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Tests.Hosting.Support;

namespace Signals.Tests.Hosting;

/// <summary>The rule D9: evaluators of an application.</summary>
public sealed class EvaluatorTests : HostedFixture
{
    [Test]
    public async Task D9_slots_of_a_host_and_a_client_run_on_the_evaluator_that_they_use()
    {
        await using Application application = await Application.StartAsync(services =>
        {
            services.AddThreadEvaluator("plant");
            AddGreeter(services).UseEvaluator("plant");
            AddClient(services).UseEvaluator("plant");
        });
        using var threads = new Received<string?>();
        application.Host.ClientConnected.Connect(_ => threads.Add(Thread.CurrentThread.Name));
        application.Host.ClientDisconnected.Connect((_, _) => threads.Add(Thread.CurrentThread.Name));
        await using (var client = new IpcClient(Endpoint))
        {
            await client.ConnectAsync().Within("connecting");
            Assert.That(threads.Next(), Is.EqualTo("plant"));
        }

        Assert.That(threads.Next(), Is.EqualTo("plant"));
        Assert.That(application.Client.Evaluator, Is.SameAs(application.Get<ConnectionEvaluator>("plant")));
        Assert.That(application.Get<ConnectionEvaluator>(), Is.SameAs(application.Get<ConnectionEvaluator>("plant")));
    }

    [Test]
    public async Task D9_queued_slots_run_before_the_evaluator_ends_with_the_application()
    {
        Application application = await Application.StartAsync(services => services.AddThreadPoolEvaluator());
        ConnectionEvaluator evaluator = application.Get<ConnectionEvaluator>();
        using var changed = new Signal<int>();
        int sum = 0;
        using var release = new ManualResetEventSlim();
        changed.ConnectDeferred(
            evaluator,
            value =>
            {
                Bounded.Wait(release, "the stop");
                sum += value;
            }
        );
        changed.Emit(1);
        changed.Emit(2);
        Task stop = application.StopAsync();
        release.Set();
        await stop;
        Assert.That((sum, evaluator.IsDisposed), Is.EqualTo((3, true)));
        await application.DisposeAsync();
    }

    [Test]
    public async Task D9_exceptions_of_slots_are_logged()
    {
        await using Application application = await Application.StartAsync(services => services.AddThreadEvaluator("plant").AddThreadPoolEvaluator());
        application.Get<ConnectionEvaluator>("plant").Post(() => throw new NotSupportedException());
        application.Get<ConnectionEvaluator>("").Post(() => throw new NotSupportedException());
        await Bounded.UntilAsync(() => application.Log.TextsOf("Signals.ConnectionEvaluator.plant").Length > 0, "the log");
        await Bounded.UntilAsync(() => application.Log.TextsOf("Signals.ConnectionEvaluator").Length > 0, "the log");
        Assert.That(application.Get<ConnectionEvaluator>(), Is.SameAs(application.Get<ConnectionEvaluator>("")));
    }

    [Test]
    public async Task D9_options_of_the_program_are_used()
    {
        using var thrown = new Received<Exception>();
        await using Application application = await Application.StartAsync(services =>
            services.AddThreadEvaluator(configure: options => options.ExceptionHandler = thrown.Add)
        );
        application.Get<ConnectionEvaluator>().Post(() => throw new NotSupportedException());
        Assert.That(thrown.Next(), Is.InstanceOf<NotSupportedException>());
    }

    [Test]
    public async Task D9_evaluator_that_does_not_exist_is_named()
    {
        await using var application = Application.Build(services =>
        {
            AddGreeter(services).UseEvaluator("nowhere");
            AddClient(services).UseEvaluator();
        });
        Assert.That(Assert.Throws<InvalidOperationException>(() => application.Get<IpcHost>())!.Message, Does.Contain("evaluator").And.Contain("nowhere"));
        Assert.That(Assert.Throws<InvalidOperationException>(() => application.Get<IpcClient>())!.Message, Does.Contain("without a name"));
    }

    [Test]
    public void D9_arguments_are_checked()
    {
        var services = new ServiceCollection();
        Assert.Throws<ArgumentNullException>(() => ((IServiceCollection)null!).AddThreadEvaluator());
        services.AddThreadEvaluator("plant");
        Assert.Throws<InvalidOperationException>(() => services.AddThreadPoolEvaluator("plant"));
    }
}
