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

    /// <summary>Halves an array of which a round needed very little. Returns false if there is no memory for the half. The contents must
    /// no longer be needed.</summary>
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
            // The existing array remains usable, and a later round tries again.
            return false;
        }
    }

    /// <summary>Makes an array longer, and returns whether there was enough memory.</summary>
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
