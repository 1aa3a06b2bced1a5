using NUnit.Framework;

namespace Signals.Tests.Nats;

/// <summary>The server of the tests that do not need one of their own: each pair has its own subjects. It ends with the last test.</summary>
[SetUpFixture]
internal sealed class SharedServer
{
    private static readonly Lock Lock = new();
    private static NatsServer? _server;
    private static int _lastPrefix;

    /// <summary>Gets the server, which the first test starts.</summary>
    internal static NatsServer Server
    {
        get
        {
            lock (Lock)
            {
                return _server ??= NatsServer.Start();
            }
        }
    }

    /// <summary>Returns a prefix that no other test has.</summary>
    internal static string NewPrefix() => $"test{Interlocked.Increment(ref _lastPrefix)}";

    [OneTimeTearDown]
    public void End() => _server?.Dispose();
}
