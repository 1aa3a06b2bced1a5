namespace Signals;

/// <summary>Entry of a <see cref="DeferredSlotRegister"/>, which guards it. It does not keep the slot alive.</summary>
/// <param name="slot">The slot.</param>
internal sealed class DeferredSlotRegistration(DeferredSlot slot)
{
    /// <summary>The slot, as long as its signal is in use.</summary>
    internal WeakReference<DeferredSlot> Slot { get; } = new(slot);

    /// <summary>The entry that was made before, or null if there is none in the register.</summary>
    internal DeferredSlotRegistration? Previous { get; set; }

    /// <summary>The entry that was made next, or null if there is none in the register.</summary>
    internal DeferredSlotRegistration? Next { get; set; }

    /// <summary>Indicates whether the entry is in the register.</summary>
    internal bool IsRegistered { get; set; }
}
