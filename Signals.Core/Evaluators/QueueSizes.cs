namespace Signals;

/// <summary>Rules by which the arrays of an evaluator's queue grow and shrink.</summary>
internal static class QueueSizes
{
    private const int Smallest = 16;

    /// <summary>Length up to which arrays are never shrunk.</summary>
    private const int AlwaysKept = 1024;

    internal static int Larger(int length) => Math.Max(Smallest, checked(length * 2));

    /// <summary>Determines whether a round used only a small part of an array.</summary>
    internal static bool IsWasteful(int length, int used) => length > AlwaysKept && used < length / 16;

    /// <summary>
    /// Halves an array of which a round used only a small part. Its contents are lost. Returns false if the array is not shrunk, also
    /// because there is not enough memory.
    /// </summary>
    internal static bool Shrink<T>(ref T[] array, int used)
    {
        if (!IsWasteful(array.Length, used))
        {
            return false;
        }

        try
        {
            array = new T[array.Length / 2];
            return true;
        }
        catch (OutOfMemoryException)
        {
            // The existing array remains usable, and a later round tries again to shrink it.
            return false;
        }
    }

    /// <summary>Enlarges an array. Returns false if there is not enough memory.</summary>
    internal static bool TryResize<T>(ref T[] array, int length)
    {
        try
        {
            Array.Resize(ref array, length);
            return true;
        }
        catch (OutOfMemoryException)
        {
            return false;
        }
    }
}
