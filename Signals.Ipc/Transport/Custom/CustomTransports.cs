using Microsoft.Extensions.Logging;

namespace Signals.Ipc.Transport.Custom;

/// <summary>Ends objects of users, whose disposal may block and throw.</summary>
internal static class CustomTransports
{
    /// <summary>Disposes an object on the thread pool, and logs what it throws.</summary>
    internal static void Dispose(IDisposable disposable, ILogger logger) =>
        ThreadPool.UnsafeQueueUserWorkItem(
            static ended => DisposeHere(ended.Disposable, ended.Logger),
            (Disposable: disposable, Logger: logger),
            preferLocal: false
        );

    private static void DisposeHere(IDisposable disposable, ILogger logger)
    {
        try
        {
            disposable.Dispose();
        }
        catch (Exception exception)
        {
            TransportLog.TransportThrew(logger, exception);
        }
    }
}
