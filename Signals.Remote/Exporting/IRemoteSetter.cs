using Signals.Remote.Wire;

namespace Signals.Remote;

/// <summary>Handles requests to set a property.</summary>
internal interface IRemoteSetter
{
    /// <summary>Handles a request after those before it.</summary>
    Task<SetReply> SetAsync(RemoteSubscriber subscriber, SetRequest request);
}
