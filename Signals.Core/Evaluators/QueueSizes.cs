namespace Signals;

/// <summary>How the arrays of an evaluator's queue grow and shrink.</summary>
internal static class QueueSizes
{
    private const int Smallest = 16;

    /// <summary>Arrays up to this length are kept whatever happens.</summary>
    private const int AlwaysKept = 1024;

    internal static int Larger(int length) => Math.Max(Smallest, checked(length * 2));

    /// <summary>
    /// Halves an array of which a round needed next to nothing, so that one burst does not cost its memory for ever and a steady load never
    /// allocates. Its contents must not matter any more.
    /// </summary>
    internal static void Shrink<T>(ref T[] array, int used)
    {
        if (array.Length > AlwaysKept && used < array.Length / 16)
        {
            array = new T[array.Length / 2];
        }
    }
}
