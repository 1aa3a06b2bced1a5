namespace Signals;

/// <summary>
/// Exception that aggregates the exceptions of so many slots that its message can name only some. The message of an
/// <see cref="AggregateException"/> repeats those of all its exceptions, which for many slots is too much text for a log.
/// </summary>
internal sealed class ManySlotsException : AggregateException
{
    /// <summary>Number of slots from which on this class replaces a plain <see cref="AggregateException"/>.</summary>
    private const int Many = 101;

    /// <summary>Number of slots whose names and messages the message contains.</summary>
    private const int Named = 10;

    /// <summary>Maximum number of characters of each slot's message that the message contains.</summary>
    private const int MessageLength = 200;

    private readonly string _message;

    private ManySlotsException(string message, Exception[] exceptions)
        : base(message, exceptions)
    {
        IEnumerable<string> messages = exceptions.Take(Named).Select(exception => $"({Shortened(exception.Message)})");
        _message = $"{message} {string.Join(' ', messages)}";
    }

    /// <summary>
    /// Gets the names and messages of the first slots. <see cref="AggregateException.InnerExceptions"/> contains all exceptions.
    /// </summary>
    public override string Message => _message;

    /// <summary>Creates the exception to throw for the exceptions of several slots.</summary>
    /// <param name="source">The type name of the emitted signal or of the evaluator.</param>
    /// <param name="failures">The exceptions, in the order of the slots.</param>
    /// <param name="unkept">The number of further exceptions that could not be kept because there was not enough memory.</param>
    internal static AggregateException Of(string source, (Exception Exception, Delegate Slot)[] failures, int unkept)
    {
        Exception[] exceptions = [.. failures.Select(failure => failure.Exception)];
        bool areMany = failures.Length >= Many;
        string slots = string.Join(", ", failures.Take(areMany ? Named : Many).Select(failure => TypeNames.Of(failure.Slot)));
        string others = areMany ? $" and {failures.Length - Named} others" : "";
        string lost = unkept > 0 ? $" There was not enough memory to keep the exceptions of {unkept} more slots." : "";
        string message = $"{failures.Length} slots of {source} threw: {slots}{others}.{lost}";
        return areMany ? new ManySlotsException(message, exceptions) : new AggregateException(message, exceptions);
    }

    private static string Shortened(string message) => message.Length <= MessageLength ? message : $"{message[..MessageLength]}…";
}
