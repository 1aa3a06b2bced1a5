using Signals.Ipc.Client;
using Signals.Ipc.Connections;
using Signals.Ipc.Framing;
using Signals.Ipc.Services;

namespace Signals.Tests.Support;

/// <summary>A call that does nothing, for tests of the classes that find and end calls.</summary>
internal sealed class PendingCallStub : IPendingCall
{
    public ulong RequestId { get; set; }

    public ServiceBinding Binding => null!;

    public long Mark => 0;

    public CallDetails? Details => null;

    public int CreatedAt => 0;

    public bool HasReplies => false;

    public ServiceMethod Method => null!;

    public bool IsStream => false;

    public bool IsQueued { get; set; }

    public bool IsLimited => true;

    public bool IsHeldBack { get; set; }

    public void OnReply(in InvokeMethodReplyBody reply) { }

    public void Fail(Exception exception) { }

    public bool TryKeep() => true;

    public bool TryWrite(FrameWriter writer) => true;

    public void Withdraw() { }

    public void OnAccepted() { }

    public void OnFailed(Exception exception) { }
}
