using Google.Protobuf;
using Google.Protobuf.Reflection;
using Signals.Ipc.Services;

namespace Signals.Ipc;

/// <summary>Identifies an rpc of a service, with the types of its messages. Create one instance for each rpc and use it for all calls.</summary>
/// <typeparam name="TRequest">The type of the request, as the .proto file declares it.</typeparam>
/// <typeparam name="TReply">The type of the reply, or of the replies of a stream, as the .proto file declares it.</typeparam>
public sealed class RpcMethod<TRequest, TReply>
    where TRequest : class, IMessage<TRequest>
    where TReply : class, IMessage<TReply>
{
    /// <summary>Initializes a new instance of the <see cref="RpcMethod{TRequest, TReply}"/> class.</summary>
    /// <param name="service">The descriptor of the service, from the class that was generated from its .proto file.</param>
    /// <param name="name">The name of the rpc in the .proto file.</param>
    /// <exception cref="ArgumentNullException"><paramref name="service"/> or <paramref name="name"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The service has no rpc of that name, the rpc has other message types, or an rpc of the service takes a stream of requests.
    /// </exception>
    public RpcMethod(ServiceDescriptor service, string name)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(name);
        Table = MethodTable.Of(service);
        Method = Table.Find(name) ?? throw new ArgumentException($"Service {Table.ServiceName} has no rpc {name}.", nameof(name));
        Check("takes", Method.RequestType, typeof(TRequest));
        Check("returns", Method.ReplyType, typeof(TReply));
    }

    /// <summary>Gets the name of the rpc in the .proto file.</summary>
    public string Name => Method.Name;

    /// <summary>Gets the short name of the service, which identifies it on the wire.</summary>
    public string ServiceName => Table.ServiceName;

    /// <summary>Gets a value that indicates whether the rpc returns a stream.</summary>
    public bool IsStreaming => Method.IsStreaming;

    internal MethodTable Table { get; }

    internal ServiceMethod Method { get; }

    private void Check(string verb, Type declared, Type given)
    {
        if (declared != given)
        {
            throw new ArgumentException($"rpc {Method.FullName} {verb} {declared.Name} in the .proto file, not {given.Name}.");
        }
    }
}
