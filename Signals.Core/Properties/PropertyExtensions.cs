using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>Extension methods that connect properties to user interface toolkits. All methods are thread-safe.</summary>
public static class PropertyExtensions
{
    /// <summary>
    /// Creates a view of a property whose value changes, and which raises <see cref="INotifyPropertyChanged.PropertyChanged"/>, only while an evaluator
    /// evaluates, at most once in a round.
    /// </summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="property">The property.</param>
    /// <param name="evaluator">The evaluator. When it is disposed, the view keeps its value.</param>
    /// <returns>The view.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The property or the evaluator has been disposed.</exception>
    /// <exception cref="Exception">The computation of the property threw.</exception>
    public static PropertyView<T> NotifyOn<T>(this IReadOnlyProperty<T> property, ConnectionEvaluator evaluator)
    {
        ArgumentNullException.ThrowIfNull(property);
        ArgumentNullException.ThrowIfNull(evaluator);
        return new PropertyView<T>(property, evaluator);
    }

    /// <summary>
    /// Creates a property that follows an object with <see cref="INotifyPropertyChanged"/>, without reflection: the text of the delegate names what it
    /// reads.
    /// </summary>
    /// <remarks>
    /// <para>For <c>s => s.Name</c>, the value is read again after events for "Name", and after events with a null or empty name. A delegate that reads
    /// several properties of the object follows all of them. If the text does not tell what is read, every event counts.</para>
    /// <para>While the property is observed, the object keeps it alive. Otherwise the object keeps only a small handler, which its next event
    /// after the property has been collected removes.</para>
    /// </remarks>
    /// <typeparam name="TSource">The type of the object.</typeparam>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="source">The object.</param>
    /// <param name="get">The delegate that reads the value.</param>
    /// <param name="expression">The text of the delegate. The compiler provides it.</param>
    /// <returns>The property.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> or <paramref name="get"/> is null.</exception>
    public static IReadOnlyProperty<T> ToProperty<TSource, T>(
        this TSource source,
        Func<TSource, T> get,
        [CallerArgumentExpression(nameof(get))] string? expression = null
    )
        where TSource : INotifyPropertyChanged
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(get);
        var notifier = new NotifierNode(MemberNames.ReadBy(expression));
        notifier.Follow(source);
        return Computed.Of(
            () =>
            {
                notifier.Read();
                return get(source);
            },
            expression: expression
        );
    }
}
