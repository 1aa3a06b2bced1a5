namespace Signals.Ipc.Client;

/// <summary>The use of a stream by a signal or a property of a proxy.</summary>
internal interface ISubscription : IDisposable
{
    /// <summary>Called while no lock is held, when calls can be made over a new binding.</summary>
    void OnBound();
}
