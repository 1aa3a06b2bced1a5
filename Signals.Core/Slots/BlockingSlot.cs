namespace Signals;

/// <summary>Adapter whose emissions wait until an evaluator has run the slot.</summary>
internal sealed class BlockingSlot<TArguments> : SlotAdapter<TArguments>
    where TArguments : struct, IArguments<TArguments>
{
    private readonly BlockingCalls<TArguments> _calls;

    internal BlockingSlot(ConnectionEvaluator evaluator, Delegate slot) => _calls = new BlockingCalls<TArguments>(evaluator, slot);

    internal override ConnectionKind Kind => ConnectionKind.Blocking;

    internal override Delegate UserSlot => _calls.UserSlot;

    internal override ConnectionEvaluator? RunsOn => _calls.RunsOn;

    internal override bool IsNotified => true;

    internal override void OnPreparing() => _calls.OnPreparing();

    internal override void OnRejected() => _calls.OnRejected();

    internal override void OnConnecting(ConnectionHandle handle) => _calls.OnConnecting(handle);

    internal override void OnConnected() => _calls.OnConnected();

    internal override void OnDisconnecting() => _calls.OnDisconnecting();

    internal override void OnDisconnected(bool signalEnded)
    {
        _calls.OnDisconnected(signalEnded);
        _calls.GiveUpAll();
    }

    internal override void Run(TArguments arguments)
    {
        if (_calls.IsInsideRound)
        {
            arguments.Invoke(UserSlot);
        }
        else
        {
            _calls.Call(arguments);
        }
    }
}
