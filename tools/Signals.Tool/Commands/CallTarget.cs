using Google.Protobuf.Reflection;
using Signals.Tool.Hosts;
using Signals.Tool.Json;
using Signals.Tool.Output;

namespace Signals.Tool.Commands;

/// <summary>A method that is called, its request, and the JSON of its replies.</summary>
internal sealed class CallTarget : IDisposable
{
    private readonly MethodDescriptor _method;
    private readonly MessageFormatter _formatter;
    private readonly ToolRequest _request;

    private CallTarget(MethodDescriptor method, MessageTypes types, byte[] message, ToolRequest request)
    {
        _method = method;
        _formatter = new MessageFormatter(types);
        _request = request;
        Message = message;
        Proxy = new RawProxy(method);
    }

    /// <summary>Gets the proxy, which is bound.</summary>
    internal RawProxy Proxy { get; }

    /// <summary>Gets the encoded request.</summary>
    internal byte[] Message { get; }

    /// <summary>Finds a method, encodes its request, and binds a proxy.</summary>
    /// <param name="host">The connection.</param>
    /// <param name="request">The arguments of all commands.</param>
    /// <param name="file">The services of the file that the user has passed, or null.</param>
    /// <param name="path">The service and the method.</param>
    /// <param name="json">The request.</param>
    /// <param name="isStream">A value that indicates whether the command expects a stream.</param>
    /// <param name="cancellationToken">The token that is canceled by Ctrl+C.</param>
    /// <exception cref="ToolException">There is no such method, or the request does not fit it.</exception>
    internal static async Task<CallTarget> PrepareAsync(
        HostSession host,
        ToolRequest request,
        ServiceCatalog? file,
        MethodPath path,
        string json,
        bool isStream,
        CancellationToken cancellationToken
    )
    {
        ServiceCatalog catalog = file ?? await host.DescribeAsync(service: null, cancellationToken).ConfigureAwait(false);
        MethodDescriptor method = catalog.Find(path.Service, path.Method);
        if (method.IsServerStreaming != isStream)
        {
            throw new ToolException(
                ToolExit.Misuse,
                method.IsServerStreaming ? $"{path} returns a stream: use the command watch." : $"{path} returns one message: use the command call."
            );
        }

        byte[] message;
        try
        {
            message = new MessageEncoder(catalog.Types).Encode(method.InputType, json);
        }
        catch (MappingException exception)
        {
            throw new ToolException(ToolExit.Misuse, exception.Message);
        }

        var target = new CallTarget(method, catalog.Types, message, request);
        await host.BindAsync(target.Proxy, method.Service.Name, cancellationToken).ConfigureAwait(false);
        return target;
    }

    /// <summary>Writes a reply.</summary>
    /// <exception cref="ToolException">The bytes are not a message of the type.</exception>
    internal void WriteReply(ReadOnlyMemory<byte> reply)
    {
        try
        {
            ToolConsole console = _request.Console;
            console.WriteLine(JsonText.Of(console.IsTerminal, writer => _formatter.Write(writer, _method.OutputType, reply)));
        }
        catch (MappingException exception)
        {
            throw new ToolException(ToolExit.Failed, $"The reply has no JSON. {exception.Message}");
        }
    }

    public void Dispose() => Proxy.Dispose();
}
