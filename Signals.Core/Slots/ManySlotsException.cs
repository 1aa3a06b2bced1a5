namespace Signals;

/// <summary>
/// Exceptions of more slots than a message can name. An <see cref="AggregateException"/> repeats the messages of all its exceptions in its own: with
/// many slots that is more text than a log can hold.
/// </summary>
internal sealed class ManySlotsException : AggregateException
{
    /// <summary>Number of slots from which on this exception replaces a plain <see cref="AggregateException"/>.</summary>
    private const int Many = 101;

    /// <summary>Number of slots, and of their messages, that a message about many slots contains.</summary>
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

    /// <summary>The first slots with what they threw; <see cref="AggregateException.InnerExceptions"/> has all exceptions.</summary>
    public override string Message => _message;

    /// <summary>Creates the exception to throw for the exceptions of several slots.</summary>
    /// <param name="source">The emitted signal, or the evaluator.</param>
    /// <param name="failures">The exceptions, in the order of the slots.</param>
    /// <param name="unkept">Number of further exceptions that could not be kept because there was no memory.</param>
    internal static AggregateException Of(string source, (Exception Exception, Delegate Slot)[] failures, int unkept)
    {
        Exception[] exceptions = [.. failures.Select(failure => failure.Exception)];
        bool areMany = failures.Length >= Many;
        string slots = string.Join(", ", failures.Take(areMany ? Named : Many).Select(failure => TypeNames.Of(failure.Slot)));
        string others = areMany ? $" and {failures.Length - Named} others" : "";
        string lost = unkept > 0 ? $" There was no memory to keep the exceptions of {unkept} more." : "";
        string message = $"{failures.Length} slots of {source} threw: {slots}{others}.{lost}";
        return areMany ? new ManySlotsException(message, exceptions) : new AggregateException(message, exceptions);
    }

    private static string Shortened(string message) => message.Length <= MessageLength ? message : $"{message[..MessageLength]}…";
}
