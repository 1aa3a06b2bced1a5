namespace Signals.Ipc.Generators.Stubs;

/// <summary>Writes the members of rpcs that are signals or properties.</summary>
internal sealed class SignalWriter(CodeWriter code)
{
    /// <summary>Writes the member that slots are connected to.</summary>
    /// <param name="method">The rpc.</param>
    /// <param name="modifiers">The modifiers, with a space at the end, or an empty text.</param>
    /// <param name="body">The accessor or the expression of the member.</param>
    internal void WriteInProxy(MethodStub method, string modifiers, string body)
    {
        bool isSignal = method.Kind == MethodKind.Signal;
        code.Document(
            method.Comment,
            isSignal
                ? $"Gets the signal of rpc {method.WireName}, which is emitted by the service."
                : $"Gets the property of rpc {method.WireName}, whose value the service sets."
        );
        code.Line(
            isSignal
                ? "/// <remarks>The rpc is called while the signal has connections. Slots run on the evaluator of the client.</remarks>"
                : "/// <remarks>The rpc is called, and the value is current, while the property is observed. It changes on the evaluator of the client.</remarks>"
        );
        code.Line(
            $"{modifiers}{(isSignal ? "global::Signals.ISignal" : "global::Signals.IReadOnlyProperty")}<{method.ReplyType}> {method.CallName} {body}"
        );
        code.Space();
    }

    /// <summary>Writes the signal that the service emits, or the property that it sets.</summary>
    internal void WriteInBase(MethodStub method)
    {
        bool isSignal = method.Kind == MethodKind.Signal;
        string type = $"{(isSignal ? "global::Signals.Signal" : "global::Signals.Property")}<{method.ReplyType}>";
        code.Document(
            method.Comment,
            isSignal
                ? $"Gets the signal of rpc {method.WireName}. Emitting it sends the message to the clients."
                : $"Gets the property of rpc {method.WireName}. Setting its value sends the message to the clients."
        );
        if (!isSignal)
        {
            code.Line("/// <remarks>The value is an empty message at first. It must not be changed: set another message.</remarks>");
        }

        code.Line($"protected {type} {method.BaseName} {{ get; }} = new {type}({(isSignal ? "" : $"new {method.ReplyType}()")});");
        code.Space();
    }
}
