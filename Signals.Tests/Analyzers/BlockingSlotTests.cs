using NUnit.Framework;
using Signals.Tests.Analyzers.Support;

namespace Signals.Tests.Analyzers;

public sealed class BlockingSlotTests
{
    private const string Id = "SIG006";

    [TestCase("[|task.Wait()|]")]
    [TestCase("_ = [|task.Result|]")]
    [TestCase("[|task.GetAwaiter().GetResult()|]")]
    [TestCase("[|task.ConfigureAwait(false).GetAwaiter().GetResult()|]")]
    [TestCase("_ = [|new ValueTask<int>(1).Result|]")]
    [TestCase("[|Task.WaitAll(task)|]")]
    [TestCase("[|Task.WaitAny(task)|]")]
    [TestCase("[|Thread.Sleep(1)|]")]
    [TestCase("[|Thread.CurrentThread.Join()|]")]
    [TestCase("[|semaphore.Wait()|]")]
    [TestCase("[|new ManualResetEventSlim().Wait()|]")]
    [TestCase("[|new ManualResetEvent(false).WaitOne()|]")]
    [TestCase("[|evaluator.EvaluateDeferredConnections()|]")]
    [TestCase("[|thread.EvaluateDeferredConnections()|]")]
    [TestCase("{ if (x > 1) { lock (task) { [|Thread.Sleep(x)|]; } } }")]
    public Task SIG006_call_that_blocks_is_reported(string call) => UserProject.ExpectAsync(Id, Program($"signal.Connect(x => {call});"));

    [TestCase("semaphore.Wait(0)")]
    [TestCase("semaphore.Wait(TimeSpan.Zero)")]
    [TestCase("new ManualResetEvent(false).WaitOne(0)")]
    [TestCase("Task.Run(() => task.Wait())")]
    [TestCase("{ void Later() => Thread.Sleep(1); Task.Run(Later); }")]
    [TestCase("task.ContinueWith(ended => ended.Result)")]
    [TestCase("{ if (task.IsCompletedSuccessfully) { _ = task.Result; } }")]
    [TestCase("_ = new Answer().Result")]
    [TestCase("_ = evaluator.PendingCount")]
    [TestCase("task.Start()")]
    public Task SIG006_call_that_does_not_block_is_not_reported(string call) => UserProject.ExpectAsync(Id, Program($"signal.Connect(x => {call});"));

    [Test]
    public Task SIG006_slots_of_every_kind_are_seen() =>
        UserProject.ExpectAsync(
            Id,
            Program(
                """
                signal.ConnectAsync(async (x, token) => { await Task.Yield(); [|Thread.Sleep(1)|]; });
                signal.ConnectDeferred(evaluator, x => [|Thread.Sleep(1)|]);
                signal.ConnectSingleShot(x => [|Thread.Sleep(1)|]);
                signal.ConnectWeak(task, static (t, x) => [|t.Wait()|]);
                signal.Connect(Slot);
                new Signal().Connect(() => [|Thread.Sleep(1)|]);
                new Signal<int, int>().Connect((x, y) => [|Thread.Sleep(1)|]);
                new Query<int, int>().Connect(x => [|task.Result|]);
                Action<int> held = x => [|Thread.Sleep(1)|];
                signal.Connect(held);
                void Slot(int x) => [|Thread.Sleep(1)|];
                """
            )
        );

    [Test]
    public Task SIG006_methods_of_the_same_file_are_seen() =>
        UserProject.ExpectAsync(
            Id,
            """
            class View
            {
                private readonly Signal<int> _signal = new();
                public View() => _signal.Connect(OnValue);
                private void OnValue(int x) { [|Thread.Sleep(x)|]; }
                private void Other() => Thread.Sleep(1);
            }
            """
        );

    [Test]
    public Task SIG006_result_of_a_task_that_was_awaited_is_not_reported() =>
        UserProject.ExpectAsync(
            Id,
            Program("signal.ConnectAsync(async (x, token) => { await Task.WhenAll(task, Task.CompletedTask); Console.WriteLine(task.Result); });")
        );

    [Test]
    public Task SIG006_code_outside_of_slots_is_not_reported() =>
        UserProject.ExpectAsync(Id, Program("task.Wait(); Thread.Sleep(1); evaluator.EvaluateDeferredConnections(); Action a = () => Thread.Sleep(1);"));

    private static string Program(string statements) =>
        $$"""
            using var evaluator = new ConnectionEvaluator();
            using var thread = new ThreadEvaluator();
            var signal = new Signal<int>();
            var task = Task.FromResult(1);
            var semaphore = new SemaphoreSlim(1);
            {{statements}}

            class Answer { public int Result => 1; }
            """;
}
