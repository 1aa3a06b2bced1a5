namespace Signals;

/// <summary>Adapter that passes a state to the slot, so that the slot needs no closure.</summary>
internal sealed class StateSlot<TState, TArguments>(TState state, Delegate slot) : SlotAdapter<TArguments>
    where TArguments : struct, IArguments<TArguments>
{
    internal override ConnectionKind Kind => ConnectionKind.WithState;

    internal override Delegate UserSlot => slot;

    /// <summary>Gets the state if it is an object. States of other types cannot be compared without running their code.</summary>
    internal override object? BoundTarget => typeof(TState).IsValueType ? this : state;

    internal override void Run(TArguments arguments) => arguments.InvokeWith(slot, state);
}
