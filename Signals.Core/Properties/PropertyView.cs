using System.ComponentModel;

namespace Signals;

/// <summary>
/// View of a property for the thread of an evaluator, for example that of a user interface: the value changes, and
/// <see cref="PropertyChanged"/> is raised, only while the evaluator evaluates, at most once in a round. <see cref="PropertyExtensions.NotifyOn"/> creates
/// one.
/// </summary>
/// <remarks>The view is used on the evaluator's thread. It is kept alive by the property until it or the evaluator is disposed.</remarks>
/// <typeparam name="T">The type of the value.</typeparam>
public sealed class PropertyView<T> : INotifyPropertyChanged, IDisposable
{
    private static readonly PropertyChangedEventArgs ValueChanged = new(nameof(Value));

    private readonly ConnectionHandle _connection;

    internal PropertyView(IReadOnlyProperty<T> property, ConnectionEvaluator evaluator)
    {
        // Connected first: a change that comes before the value is read is told again, and not lost.
        _connection = property.ConnectDeferredLatest(evaluator, Update);
        try
        {
            Value = property.Peek();
        }
        catch
        {
            _connection.Disconnect();
            throw;
        }
    }

    /// <summary>Occurs after the value has changed, on the thread that evaluates.</summary>
    public event PropertyChangedEventHandler? PropertyChanged;

    /// <summary>Gets the value of the property as of the last round of the evaluator.</summary>
    public T Value { get; private set; }

    /// <summary>Ends the view, which keeps its value.</summary>
    public void Dispose() => _connection.Disconnect();

    private void Update(T value)
    {
        Value = value;
        PropertyChanged?.Invoke(this, ValueChanged);
    }
}
