using System.Diagnostics.CodeAnalysis;

namespace Signals;

/// <summary>Methods for properties of the default scope.</summary>
[SuppressMessage("Naming", "CA1716", Justification = "A keyword of Visual Basic, which can escape it.")]
public static class Property
{
    /// <summary>Begins a batch of the default scope. See <see cref="PropertyScope.Batch"/>.</summary>
    /// <returns>The batch, which is ended by disposing it on the same thread.</returns>
    public static PropertyBatch Batch() => PropertyScope.Default.Batch();

    /// <summary>Runs a delegate whose reads the running computation or effect does not follow.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="read">The delegate.</param>
    /// <returns>The result of the delegate.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="read"/> is null.</exception>
    public static T Untracked<T>(Func<T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        PropertyContext context = PropertyContext.Current;
        bool tracked = context.StopTracking();
        try
        {
            return read();
        }
        finally
        {
            context.ContinueTracking(tracked);
        }
    }

    /// <summary>Runs a delegate whose reads the running computation or effect does not follow.</summary>
    /// <param name="run">The delegate.</param>
    /// <exception cref="ArgumentNullException"><paramref name="run"/> is null.</exception>
    public static void Untracked(Action run)
    {
        ArgumentNullException.ThrowIfNull(run);
        PropertyContext context = PropertyContext.Current;
        bool tracked = context.StopTracking();
        try
        {
            run();
        }
        finally
        {
            context.ContinueTracking(tracked);
        }
    }
}
