namespace Signals;

/// <summary>Entry of a <see cref="DeferredSlotRegister"/>, which guards it. It does not keep the slot alive.</summary>
/// <param name="slot">The slot.</param>
internal sealed class DeferredSlotRegistration(DeferredSlot slot) : ILinkedEntry<DeferredSlotRegistration>
{
    /// <summary>Gets the slot, which its signal keeps alive.</summary>
    internal WeakReference<DeferredSlot> Slot { get; } = new(slot);

    /// <inheritdoc/>
    public DeferredSlotRegistration? Previous { get; set; }

    /// <inheritdoc/>
    public DeferredSlotRegistration? Next { get; set; }

    /// <summary>Gets or sets a value that indicates whether the entry is in the register.</summary>
    internal bool IsRegistered { get; set; }
}
