namespace Signals.Remote;

/// <summary>A codec that needs the name under which a value comes.</summary>
internal interface INamedCodec<T>
{
    /// <summary>Decodes a value. Runs user code.</summary>
    /// <exception cref="Exception">The value is not one of the type.</exception>
    T DecodeNamed(in InValue value);
}
