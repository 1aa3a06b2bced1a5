namespace Signals.Nats.Connections;

/// <summary>The user of a connection: the exchange. The methods do not wait.</summary>
internal interface IPortUser
{
    /// <summary>Called when the connection to the server is open, and again after each reconnection.</summary>
    void OnOpened(int maxPayload);

    /// <summary>Called when the connection to the server is lost.</summary>
    void OnLost();

    /// <summary>Called when the server reports an error.</summary>
    void OnServerError(string error);

    /// <summary>Publishes the next emissions. Called by the sending loop. Returns false if there are none.</summary>
    ValueTask<bool> PublishNextAsync();
}
