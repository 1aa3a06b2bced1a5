namespace Signals;

/// <summary>
/// What more slots threw than a message can name. An <see cref="AggregateException"/> repeats the messages of all its exceptions in its own: with
/// many slots that is text that no log takes.
/// </summary>
internal sealed class ManySlotsException : AggregateException
{
    /// <summary>Number of slots from which on this stands for a plain <see cref="AggregateException"/>.</summary>
    private const int Many = 101;

    /// <summary>Number of slots, and of their messages, that the message of many has.</summary>
    private const int Named = 10;

    /// <summary>Number of characters of each slot's message that the message has at most.</summary>
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

    /// <summary>The exception to throw for what several slots threw.</summary>
    /// <param name="source">The emitted signal, or the evaluator.</param>
    /// <param name="failures">What was thrown, in the order of the slots.</param>
    /// <param name="unkept">Number of further exceptions that have been lost for want of memory.</param>
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
