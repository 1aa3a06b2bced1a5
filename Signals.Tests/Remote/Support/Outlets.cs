using Google.Protobuf;
using Signals.Remote;

namespace Signals.Tests.Remote;

/// <summary>Importers that a test serves itself.</summary>
internal static class Outlets
{
    /// <summary>Accepts an importer that subscribes to the export "a" on stream 1.</summary>
    internal static RemoteOutlet Subscribe(this RemoteExports exports, int importer, string type)
    {
        RemoteOutlet outlet = exports.Accept(new RemoteSubscriber(importer), new RemoteOutletOptions(), static _ => { });
        outlet.Subscribe(type);
        return outlet;
    }

    /// <summary>Subscribes to the export "a" on stream 1.</summary>
    internal static void Subscribe(this RemoteOutlet outlet, string type)
    {
        outlet.Handle(RemoteOperation.Watch, new WatchRequest { Stream = 1 }.ToByteArray());
        var request = new SubscribeRequest
        {
            Stream = 1,
            Subscription = 1,
            Name = "a",
            Type = type,
        };
        outlet.Handle(RemoteOperation.Subscribe, request.ToByteArray());
    }
}
