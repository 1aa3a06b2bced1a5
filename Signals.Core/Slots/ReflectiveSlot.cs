namespace Signals;

/// <summary>Adapter that passes the handle of the connection to the slot.</summary>
internal sealed class ReflectiveSlot<TArguments>(Delegate slot) : HandleSlot<TArguments>(slot)
    where TArguments : struct, IArguments<TArguments>
{
    internal override ConnectionKind Kind => ConnectionKind.Reflective;

    internal override void Run(TArguments arguments) => arguments.InvokeWith(UserSlot, Handle);
}
