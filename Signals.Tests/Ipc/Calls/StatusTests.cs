using Google.Protobuf;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Wire;

namespace Signals.Tests.Ipc.Calls;

/// <summary>A call that failed says why.</summary>
[TestFixture]
public sealed class StatusTests : ClientFixture
{
    [Test]
    public async Task G4_a_status_reaches_the_caller()
    {
        IpcCallException failure = await FailAsync(new IpcStatusException(IpcStatusCode.NotFound, "There is no Ada."));
        Assert.That((failure.StatusCode, failure.StatusMessage), Is.EqualTo((IpcStatusCode.NotFound, "There is no Ada.")));
        Assert.That(failure.Message, Does.EndWith("There is no Ada.").And.Contain("Greeter.SayHello"));
    }

    [Test]
    public async Task G4_a_stream_fails_with_its_status()
    {
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter { OnWatch = (_, _) => throw new IpcStatusException(IpcStatusCode.PermissionDenied, "No.") }
        );
        IpcCallException? failure = await Assert.ThrowsAsync<IpcCallException>(async () =>
        {
            await foreach (GreeterReplyMsg _ in session.Proxy.WatchGreetings("Ada")) { }
        });
        Assert.That((failure!.StatusCode, failure.StatusMessage), Is.EqualTo((IpcStatusCode.PermissionDenied, "No.")));
    }

    [Test]
    public async Task G4_any_other_exception_is_unknown_without_its_text()
    {
        IpcCallException failure = await FailAsync(new InvalidOperationException("secret"));
        Assert.That((failure.StatusCode, failure.StatusMessage), Is.EqualTo((IpcStatusCode.Unknown, "")));
        Assert.That(failure.Message, Does.Not.Contain("secret"));
    }

    [Test]
    public async Task G4_a_foreign_call_exception_is_unknown()
    {
        IpcCallException failure = await FailAsync(new IpcCallException(IpcStatusCode.NotFound, "foreign", "Another call failed."));
        Assert.That((failure.StatusCode, failure.StatusMessage), Is.EqualTo((IpcStatusCode.Unknown, "")));
    }

    [Test]
    public async Task G4_the_text_of_any_exception_is_sent_on_request()
    {
        IpcCallException failure = await FailAsync(new InvalidOperationException("detail"), new IpcHostOptions { IncludeExceptionDetails = true });
        Assert.That((failure.StatusCode, failure.StatusMessage.Contains("detail")), Is.EqualTo((IpcStatusCode.Unknown, true)));
    }

    [Test]
    public async Task G4_a_text_that_does_not_fit_is_cut_between_characters()
    {
        IpcCallException failure = await FailAsync(
            new IpcStatusException(IpcStatusCode.Internal, new string('ä', 5000)),
            new IpcHostOptions { MaxFrameSize = 256 }
        );
        Assert.That(failure.StatusMessage, Is.Not.Empty.And.Matches("^ä+$"));
    }

    [Test]
    public async Task G4_a_reply_that_is_too_large_exhausts_resources()
    {
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter { OnHello = (_, _) => new(ScriptedGreeter.Reply(new string('x', 5000))) },
            new IpcHostOptions { MaxFrameSize = 1000 }
        );
        IpcCallException? failure = await Assert.ThrowsAsync<IpcCallException>(() => session.Proxy.SayHelloAsync("Ada").Within("the failure"));
        Assert.That(failure!.StatusCode, Is.EqualTo(IpcStatusCode.ResourceExhausted));
    }

    [TestCase(99u, 1u, IpcStatusCode.Unimplemented)]
    [TestCase(1u, 99u, IpcStatusCode.Unimplemented)]
    public async Task G4_an_unknown_service_or_method_is_unimplemented(uint service, uint method, IpcStatusCode status)
    {
        await using var host = new TestHost();
        using RawClient client = RawClient.Bound(host.Endpoint);
        client.Bind("SignalsControl");
        IPCFrame call = client.Call(method, "Ada");
        call.MsgInvokeMethod.ServiceId = service;
        client.Send(call);
        Assert.That((IpcStatusCode)client.ReceiveReply(call.RequestId).StatusCode, Is.EqualTo(status));
    }

    [Test]
    public async Task G4_arguments_that_do_not_parse_are_invalid()
    {
        await using var host = new TestHost();
        using RawClient client = RawClient.Bound(host.Endpoint);
        client.Bind("SignalsControl");
        IPCFrame call = client.Call(1, "Ada");
        call.MsgInvokeMethod.ArgsProto = ByteString.CopyFrom(0x0A, 0x10, 1);
        client.Send(call);
        Assert.That((IpcStatusCode)client.ReceiveReply(call.RequestId).StatusCode, Is.EqualTo(IpcStatusCode.InvalidArgument));
    }

    [Test]
    public async Task G4_a_client_that_has_not_bound_the_control_service_gets_no_extensions()
    {
        await using var host = new TestHost(new ScriptedGreeter { OnHello = (_, _) => throw new IpcStatusException(IpcStatusCode.NotFound, "No.") });
        using RawClient client = RawClient.Bound(host.Endpoint);
        IPCFrame.Types.InvokeMethodReply reply = client.Invoke(1, "Ada");
        Assert.That(reply, Is.EqualTo(new IPCFrame.Types.InvokeMethodReply { Success = false }));
    }

    [Test]
    public async Task G4_a_failure_of_a_host_without_extensions_is_unknown()
    {
        (IpcClient client, GreeterProxy proxy) = await BindAsync();
        await using IpcClient disposed = client;
        Task<GreeterReplyMsg> call = proxy.SayHelloAsync("Ada");
        IPCFrame frame = await Host.ReadFrameAsync();
        await Host.SendAsync(ScriptedHost.Reply(frame.RequestId, null, success: false));
        IpcCallException? failure = await Assert.ThrowsAsync<IpcCallException>(() => call.Within("the failure"));
        Assert.That((failure!.StatusCode, failure.StatusMessage), Is.EqualTo((IpcStatusCode.Unknown, "")));
    }

    [TestCase(IpcStatusCode.OK)]
    [TestCase((IpcStatusCode)17)]
    public void G4_only_a_failure_is_a_status_of_an_exception(IpcStatusCode code) =>
        Assert.That(() => new IpcStatusException(code, ""), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("statusCode"));

    [TestCase("SignalsControl")]
    [TestCase("SignalExchange")]
    public async Task Services_with_the_names_of_built_in_ones_cannot_be_exposed(string name)
    {
        await using var host = new IpcHost();
        Assert.That(() => host.Expose(new NamedService(name)), Throws.InvalidOperationException.With.Message.Contains(name));
    }

    private static async Task<IpcCallException> FailAsync(Exception exception, IpcHostOptions? options = null)
    {
        await using TestSession session = await TestSession.StartAsync(new ScriptedGreeter { OnHello = (_, _) => throw exception }, options);
        return (await Assert.ThrowsAsync<IpcCallException>(() => session.Proxy.SayHelloAsync("Ada").Within("the failure")))!;
    }
}
