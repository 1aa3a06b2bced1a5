namespace Signals.Remote;

/// <content>Measurements.</content>
public sealed partial class RemoteExports
{
    internal bool IsDisposed
    {
        get
        {
            lock (Lock)
            {
                AssertInvariants();
                return _isDisposed;
            }
        }
    }

    /// <summary>Adds the subscriptions of all importers and what waits to be sent to them.</summary>
    internal void AddCounts(ref QueueCounts counts)
    {
        lock (Lock)
        {
            AssertInvariants();
            foreach (RemoteOutlet outlet in _outlets)
            {
                outlet.AddCounts(ref counts);
            }
        }
    }
}
