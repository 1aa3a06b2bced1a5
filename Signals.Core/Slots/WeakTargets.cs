namespace Signals;

/// <summary>Checks the targets of weak connections.</summary>
internal static class WeakTargets
{
    /// <summary>Throws if a slot is a method of its own target, which it would keep alive.</summary>
    /// <exception cref="ArgumentException">The slot is a method of the target itself.</exception>
    internal static void ThrowIfKeptAlive(object target, Delegate slot)
    {
        if (ReferenceEquals(slot.Target, target))
        {
            throw new ArgumentException(
                $"The slot {TypeNames.Of(slot)} references its own target and would keep it alive. Use a static lambda that calls the target that is passed to it.",
                nameof(slot)
            );
        }
    }
}
