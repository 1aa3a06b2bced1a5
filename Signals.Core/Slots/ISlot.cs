namespace Signals;

/// <summary>A slot of a signal without arguments, as an object. Differs from <see cref="ISlot{T}"/> only in the number of arguments.</summary>
public interface ISlot : ISlotLifetime
{
    /// <summary>Called for each emission. See <see cref="ISlot{T}.Invoke(T)"/>.</summary>
    void Invoke();
}
