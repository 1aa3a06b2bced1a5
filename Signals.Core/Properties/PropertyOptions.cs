namespace Signals;

/// <summary>The comparer and the scope of properties that do not have the default ones.</summary>
/// <param name="comparer">The comparer, or null for the default one.</param>
/// <param name="scope">The scope.</param>
/// <param name="observedHandler">The handler to which is reported whether the property is observed, or null.</param>
internal sealed class PropertyOptions<T>(IEqualityComparer<T>? comparer, PropertyScope scope, Action<bool>? observedHandler = null)
{
    internal Action<bool>? ObservedHandler => observedHandler;

    internal IEqualityComparer<T>? Comparer => comparer;

    internal PropertyScope Scope => scope;

    /// <summary>Returns the options, or null if all are the default.</summary>
    internal static PropertyOptions<T>? Of(IEqualityComparer<T>? comparer, PropertyScope? scope) =>
        comparer is null && (scope is null || scope == PropertyScope.Default) ? null : new PropertyOptions<T>(comparer, scope ?? PropertyScope.Default);

    /// <summary>Returns the options of a property that reports whether it is observed.</summary>
    internal static PropertyOptions<T> Observed(IEqualityComparer<T>? comparer, PropertyScope? scope, Action<bool> observedHandler)
    {
        ArgumentNullException.ThrowIfNull(observedHandler);
        return new PropertyOptions<T>(comparer, scope ?? PropertyScope.Default, observedHandler);
    }
}
