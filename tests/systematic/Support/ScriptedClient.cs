using System.Buffers.Binary;
using Google.Protobuf;
using Signals.Ipc;
using Signals.Ipc.Transport;
using Signals.Ipc.Transport.Memory;
using Signals.Ipc.Wire;
using Signals.Tests.Support;

namespace Signals.Systematic.Support;

/// <summary>Client whose frames a scenario sends and receives one by one.</summary>
internal sealed class ScriptedClient : IDisposable
{
    private readonly IpcTransport _transport;

    private ScriptedClient(IpcTransport transport) => _transport = transport;

    internal static async Task<ScriptedClient> ConnectAsync(IpcEndpoint endpoint) =>
        new(await new MemoryConnector(endpoint).ConnectAsync(CancellationToken.None));

    /// <summary>Sends a frame, as far as the host takes it.</summary>
    internal async Task SendAsync(IPCFrame frame)
    {
        ReadOnlyMemory<byte> bytes = ScriptedHost.Encode(frame);
        try
        {
            while (!bytes.IsEmpty)
            {
                bytes = bytes[await _transport.SendAsync(bytes)..];
            }
        }
        catch (IOException)
        {
            // The host has closed the connection.
        }
    }

    /// <summary>Receives a frame, or null when the host has closed the connection.</summary>
    internal async Task<IPCFrame?> ReadFrameAsync()
    {
        byte[]? prefix = await ReadAsync(4);
        byte[]? payload = prefix is null ? null : await ReadAsync(BinaryPrimitives.ReadInt32LittleEndian(prefix));
        return payload is null ? null : IPCFrame.Parser.ParseFrom(payload);
    }

    /// <summary>Binds the Greeter service.</summary>
    internal async Task<IPCFrame.Types.BindServiceReply> BindAsync()
    {
        await SendAsync(
            new IPCFrame
            {
                RequestId = 1,
                MsgBindService = new IPCFrame.Types.BindService { ServiceName = "Greeter" },
            }
        );
        IPCFrame reply = await ReadFrameAsync() ?? throw new ScenarioFailedException("The host closed the connection instead of binding the service.");
        return reply.MsgBindServiceReply;
    }

    /// <summary>Makes a call of a bound service.</summary>
    internal Task InvokeAsync(IPCFrame.Types.BindServiceReply binding, string method) =>
        SendAsync(
            new IPCFrame
            {
                RequestId = 2,
                MsgInvokeMethod = new IPCFrame.Types.InvokeMethod
                {
                    ServiceId = binding.ServiceId,
                    MethodId = binding.Methods.Single(info => info.Name == method).Id,
                    ArgsProto = new GreeterRequestMsg().ToByteString(),
                },
            }
        );

    public void Dispose() => _transport.Dispose();

    private async Task<byte[]?> ReadAsync(int count)
    {
        byte[] bytes = new byte[count];
        int read = 0;
        while (read < count)
        {
            int received = await _transport.ReceiveAsync(bytes.AsMemory(read));
            if (received == 0)
            {
                return null;
            }

            read += received;
        }

        return bytes;
    }
}
