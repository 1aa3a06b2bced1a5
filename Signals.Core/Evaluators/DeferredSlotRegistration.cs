namespace Signals;

/// <summary>Entry of a <see cref="DeferredSlotRegister"/>, which guards it. It does not keep the slot alive.</summary>
/// <param name="slot">The slot.</param>
internal sealed class DeferredSlotRegistration(DeferredSlot slot)
{
    /// <summary>Gets the slot, which its signal keeps alive.</summary>
    internal WeakReference<DeferredSlot> Slot { get; } = new(slot);

    /// <summary>Gets or sets the previous entry in the register, or null.</summary>
    internal DeferredSlotRegistration? Previous { get; set; }

    /// <summary>Gets or sets the next entry in the register, or null.</summary>
    internal DeferredSlotRegistration? Next { get; set; }

    /// <summary>Gets or sets a value that indicates whether the entry is in the register.</summary>
    internal bool IsRegistered { get; set; }
}
