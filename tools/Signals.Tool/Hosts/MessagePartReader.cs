using Signals.Ipc.Wire;

namespace Signals.Tool.Hosts;

/// <summary>Reads messages of the control service that come in parts.</summary>
internal static class MessagePartReader
{
    /// <summary>The maximum number of bytes of a message.</summary>
    private const int MaxMessage = 16 * 1024 * 1024;

    /// <exception cref="ToolException">The message is too large.</exception>
    internal static async Task<byte[]> ReadAsync(IAsyncEnumerable<MessagePart> parts, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        await foreach (MessagePart part in parts.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            part.Part.WriteTo(bytes);
            if (bytes.Length > MaxMessage)
            {
                throw new ToolException(ToolExit.Failed, $"The host's reply has more than {MaxMessage} bytes.");
            }
        }

        return bytes.ToArray();
    }
}
