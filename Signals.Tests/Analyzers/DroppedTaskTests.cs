using NUnit.Framework;
using Signals.Tests.Analyzers.Support;

namespace Signals.Tests.Analyzers;

public sealed class DroppedTaskTests
{
    private const string Id = "SIG008";

    [Test]
    public Task SIG008_dropped_tasks_of_emissions_of_every_arity_are_reported() =>
        UserProject.ExpectAsync(
            Id,
            """
            Signal<int>? one = new();
            [|new Signal().EmitAsync()|];
            [|one.EmitAsync(1)|];
            [|new Signal<int, int>().EmitAsync(1, 2)|];
            [|new Signal<int, int, int>().EmitAsync(1, 2, 3)|];
            [|new Signal<int, int, int, int>().EmitAsync(1, 2, 3, 4)|];
            one?[|.EmitAsync(1)|];
            [|one!.EmitAsync(1)|].ConfigureAwait(false);
            [|one.EmitAsync(1)|].AsTask();
            one.Connect(x => [|one.EmitAsync(x)|]);

            class View
            {
                private readonly Signal _signal = new();
                public View() => [|_signal.EmitAsync()|];
                public void Raise() { [|_signal.EmitAsync()|]; }
                public async Task RaiseAsync() { [|_signal.EmitAsync()|]; await Task.Yield(); }
            }
            """
        );

    [Test]
    public Task SIG008_dropped_tasks_of_sent_and_written_messages_are_reported() =>
        UserProject.ExpectAsync(
            Id,
            """
            class Proxy(Google.Protobuf.Reflection.ServiceDescriptor service) : Signals.Ipc.ServiceProxy(service)
            {
                public void Notify(Google.Protobuf.IMessage message) => [|SendAsync(message)|];
            }

            class Service
            {
                public void Write(Signals.Ipc.ReplyWriter<Google.Protobuf.WellKnownTypes.Empty> writer) =>
                    [|writer.WriteAsync(new Google.Protobuf.WellKnownTypes.Empty())|];
            }
            """
        );

    [Test]
    public Task SIG008_tasks_that_are_used_are_not_reported() =>
        UserProject.ExpectAsync(
            Id,
            """
            var signal = new Signal<int>();
            await signal.EmitAsync(1);
            await signal.EmitAsync(1).ConfigureAwait(false);
            ValueTask kept = signal.EmitAsync(1);
            await kept;
            _ = signal.EmitAsync(1);
            signal.EmitAsync(1).AsTask().Wait();
            await Task.WhenAll(signal.EmitAsync(1).AsTask());
            signal.ConnectAsync((x, token) => signal.EmitAsync(x, cancellationToken: token));
            signal.Emit(1);
            new Mail().SendAsync();
            ValueTask Start() => signal.EmitAsync(1);

            class Mail { public Task SendAsync() => Task.CompletedTask; }
            """
        );
}
