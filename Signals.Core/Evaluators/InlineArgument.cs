using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>Arguments that are small and refer to nothing, as most are: they stand in the queue's entry itself.</summary>
internal static class InlineArgument<T>
{
    /// <summary>Whether arguments of this type do. The JIT knows the answer.</summary>
    internal static bool Fits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => !RuntimeHelpers.IsReferenceOrContainsReferences<T>() && Unsafe.SizeOf<T>() <= sizeof(long);
    }

    /// <summary>The arguments in a place where <see cref="Fits"/> says that they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ref T Of(ref long argument) => ref Unsafe.As<long, T>(ref argument);
}
