using Google.Protobuf;
using Google.Protobuf.Reflection;
using Signals.Ipc.Services;

namespace Signals.Ipc;

/// <summary>A method of a service with the types of its messages.</summary>
/// <typeparam name="TRequest">The type of the request.</typeparam>
/// <typeparam name="TReply">The type of the reply.</typeparam>
public sealed class RpcMethod<TRequest, TReply>
    where TRequest : class, IMessage<TRequest>
    where TReply : class, IMessage<TReply>
{
    /// <summary>Initializes a new instance of the <see cref="RpcMethod{TRequest, TReply}"/> class.</summary>
    /// <param name="service">The descriptor of the service.</param>
    /// <param name="name">The name of the method in the .proto file.</param>
    /// <exception cref="ArgumentNullException"><paramref name="service"/> or <paramref name="name"/> is null.</exception>
    /// <exception cref="ArgumentException">The service has no such method, or the method has other types.</exception>
    public RpcMethod(ServiceDescriptor service, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        MethodTable table = MethodTable.Of(service);
        Method = table.Find(name) ?? throw new ArgumentException($"Service {table.ServiceName} has no method {name}.", nameof(name));
        ServiceName = table.ServiceName;
        if (Method.RequestType != typeof(TRequest) || Method.ReplyType != typeof(TReply))
        {
            throw new ArgumentException(
                $"{Method.FullName} takes {Method.RequestType.Name} and returns {Method.ReplyType.Name}, not {typeof(TRequest).Name} and {typeof(TReply).Name}.",
                nameof(name)
            );
        }
    }

    /// <summary>Gets the name of the method in the .proto file.</summary>
    public string Name => Method.Name;

    /// <summary>Gets the short name of the service.</summary>
    public string ServiceName { get; }

    /// <summary>Gets a value that indicates whether the method returns a stream.</summary>
    public bool IsStreaming => Method.IsStreaming;

    internal ServiceMethod Method { get; }
}
