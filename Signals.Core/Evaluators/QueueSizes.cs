namespace Signals;

/// <summary>How the arrays of an evaluator's queue grow and shrink.</summary>
internal static class QueueSizes
{
    private const int Smallest = 16;

    /// <summary>Arrays up to this length are kept whatever happens.</summary>
    private const int AlwaysKept = 1024;

    internal static int Larger(int length) => Math.Max(Smallest, checked(length * 2));

    /// <summary>Whether a round needed next to nothing of an array of this length.</summary>
    internal static bool IsWasteful(int length, int used) => length > AlwaysKept && used < length / 16;

    /// <summary>Halves an array of which a round needed next to nothing, and says whether it did: not when the memory for the half is missing. Its contents must
    /// not matter any more.</summary>
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
            // The array that there is serves as well, and a later round tries again.
            return false;
        }
    }

    /// <summary>Makes an array longer, and says whether there is the memory for that.</summary>
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
