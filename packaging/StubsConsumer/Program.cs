using Google.Protobuf.WellKnownTypes;
using Signals;
using Signals.Ipc;
using StubsConsumer;

// Calls a service with generated stubs. The exit code is 1 if a result is wrong.
IpcEndpoint endpoint = IpcEndpoint.Parse(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()));
await using var host = new IpcHost();
host.Expose(new Service());
host.Start(endpoint);

await using var client = new IpcClient(endpoint);
using var proxy = new GreeterProxy();
await client.ConnectAsync();
await client.BindAsync(proxy);
IGreeter greeter = proxy;
var greeted = new TaskCompletionSource<string>();
var last = new TaskCompletionSource<string>();
greeter.Greeted.Connect(greeting => greeted.TrySetResult(greeting.Text));
Greeting reply = await greeter.SayHelloAsync(new Greeting { Text = "Ada" });
string watched = "";
await foreach (Greeting greeting in greeter.WatchAsync(new Empty()))
{
    watched += greeting.Text;
}

greeter.Last.Connect(greeting => last.TrySetResult(greeting.Text));
string signals = $"{await greeted.Task.WaitAsync(TimeSpan.FromSeconds(30))}, {await last.Task.WaitAsync(TimeSpan.FromSeconds(30))}";
Console.WriteLine($"{reply.Text}, {watched}, {signals}");
return reply.Text == "Hello Ada" && watched == "ab" && signals == "Ada, Ada" ? 0 : 1;

internal sealed class Service : GreeterBase
{
    public override ValueTask<Greeting> SayHello(Greeting request, CallContext context)
    {
        Greeted.Emit(request);
        Last.Value = request;
        return new(new Greeting { Text = $"Hello {request.Text}" });
    }

    public override async IAsyncEnumerable<Greeting> Watch(Empty request, CallContext context)
    {
        await Task.Yield();
        yield return new Greeting { Text = "a" };
        yield return new Greeting { Text = "b" };
    }
}
