using System.Globalization;
using System.Text;
using Google.Protobuf;
using Signals.Nats;
using Signals.Nats.Wire;
using Signals.Remote;

namespace Signals.Tests.Nats;

/// <summary>An importer of one signal as the exporter sees it: a session, whose requests have numbers, and a lease.</summary>
internal sealed class ModelImporter(ulong id, int number, int signals, int phase)
{
    private readonly ulong _session = id + 1;
    private ulong _sent;
    private ulong _received;

    /// <summary>Gets the subject of the replies.</summary>
    internal string Replies { get; } = new Subjects("s").RepliesTo(id);

    /// <summary>Gets a value that indicates whether its subscription was granted.</summary>
    internal bool IsLive { get; private set; }

    /// <summary>Returns true once in each interval, at a second of its own.</summary>
    internal bool IsDue(int second, int interval) => (second + phase) % interval == 0;

    internal Request Subscribe()
    {
        byte[] name = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"n.{number % signals}"));
        byte[] type = Encoding.ASCII.GetBytes("int64");
        byte[] message = [8, 1, 16, 1, 26, (byte)name.Length, .. name, 34, (byte)type.Length, .. type];
        return Count(new Request { Operation = (uint)RemoteOperation.Subscribe, Message = ByteString.CopyFrom(message) });
    }

    internal Request Renew() =>
        new()
        {
            Importer = id,
            Session = _session,
            Number = _sent,
        };

    /// <summary>Handles a reply. Returns false if one is missing.</summary>
    internal bool TryHandle(Reply reply)
    {
        if (reply.IsUnknown || reply.Session != _session)
        {
            return false;
        }

        if (reply.HasBatch)
        {
            IsLive = true;
            return reply.Number == ++_received;
        }

        return reply.Number == _received;
    }

    private Request Count(Request request)
    {
        request.Importer = id;
        request.Session = _session;
        request.Number = ++_sent;
        return request;
    }
}
