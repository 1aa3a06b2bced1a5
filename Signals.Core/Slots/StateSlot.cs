namespace Signals;

/// <summary>Passes the state given at connecting to the slot, which needs no closure for it.</summary>
internal sealed class StateSlot<TState, TArguments>(TState state, Delegate slot) : SlotAdapter<TArguments>
    where TArguments : struct, IArguments<TArguments>
{
    internal override ConnectionKind Kind => ConnectionKind.WithState;

    internal override Delegate UserSlot => slot;

    internal override void Run(TArguments arguments) => arguments.InvokeWith(slot, state);
}
