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

    /// <summary>
    /// Creates a property that reports whether it is observed, for a value whose source costs something while it is used: a connection to a server, for
    /// example. A property is observed while it has a connection, or an observed computed property or an effect follows it.
    /// </summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="value">The value.</param>
    /// <param name="observedHandler">
    /// The handler, called on a thread of the pool with <see langword="true"/> soon after the property has become observed, and with
    /// <see langword="false"/> soon after it no longer is. The calls alternate and never overlap. Periods that end before they were reported are left out;
    /// the last call always corresponds to the observers that exist. Its exceptions are unhandled.
    /// </param>
    /// <param name="comparer">The comparer that determines whether a value is equal to the current one. Null for the default comparer.</param>
    /// <param name="scope">The scope of the property. Null for <see cref="PropertyScope.Default"/>.</param>
    /// <returns>The property.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="observedHandler"/> is null.</exception>
    public static Property<T> CreateObserved<T>(
        T value,
        Action<bool> observedHandler,
        IEqualityComparer<T>? comparer = null,
        PropertyScope? scope = null
    ) => new(value, PropertyOptions<T>.Observed(comparer, scope, observedHandler));
}
