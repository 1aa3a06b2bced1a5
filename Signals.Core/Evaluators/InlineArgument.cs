using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>
/// Access to arguments that are stored in the entry of the queue itself because they are small and contain no references.
/// </summary>
internal static class InlineArgument<T>
{
    /// <summary>
    /// Gets a value that indicates whether arguments of this type are stored in the entry. A constant for the JIT compiler.
    /// </summary>
    internal static bool Fits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => !RuntimeHelpers.IsReferenceOrContainsReferences<T>() && Unsafe.SizeOf<T>() <= sizeof(long);
    }

    /// <summary>Returns a reference to the arguments in an entry. <see cref="Fits"/> must be true.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ref T Of(ref long argument) => ref Unsafe.As<long, T>(ref argument);
}
