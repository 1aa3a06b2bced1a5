using System.Diagnostics;
using System.Diagnostics.Metrics;
using Signals.Ipc.Services;

namespace Signals.Ipc.Telemetry;

/// <summary>Measures the durations of calls. What listeners throw, which is user code, does not affect a call.</summary>
internal static class CallMetrics
{
    /// <summary>The schema of the attributes and the instruments.</summary>
    internal const string SchemaUrl = "https://opentelemetry.io/schemas/1.40.0";

    internal static readonly Meter Meter = new(
        new MeterOptions("Signals.Ipc") { Version = typeof(CallMetrics).Assembly.GetName().Version?.ToString(3), TelemetrySchemaUrl = SchemaUrl }
    );

    /// <summary>The buckets that the conventions advise, in seconds.</summary>
    private static readonly InstrumentAdvice<double> Buckets = new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
    };

    private static readonly Histogram<double>? Server = ListenerFailure.TryCreate(static () =>
        Meter.CreateHistogram("rpc.server.call.duration", "s", "The duration of calls of hosts, up to the last reply.", tags: null, Buckets)
    );

    private static readonly Histogram<double>? Client = ListenerFailure.TryCreate(static () =>
        Meter.CreateHistogram("rpc.client.call.duration", "s", "The duration of calls of clients, up to the last reply.", tags: null, Buckets)
    );

    /// <summary>Gets a value that indicates whether calls of hosts are measured.</summary>
    internal static bool MeasuresServer => Server is { Enabled: true };

    /// <summary>Gets a value that indicates whether calls of clients are measured.</summary>
    internal static bool MeasuresClient => Client is { Enabled: true };

    /// <summary>Records a call of a host that has ended.</summary>
    internal static void RecordServer(string method, IpcStatusCode status, TimeSpan duration, ServerAddress? server) =>
        Record(Server, method, status, duration, server);

    /// <summary>Records a call of a host that was refused before its method began.</summary>
    internal static void RecordRefused(string method, IpcStatusCode status, ServerAddress? server) =>
        Record(Server, method, status, TimeSpan.Zero, server);

    /// <summary>Records a call of a client that has ended.</summary>
    internal static void RecordClient(ServiceMethod method, IpcStatusCode status, TimeSpan duration, ServerAddress? server) =>
        Record(Client, method.RpcName, status, duration, server);

    private static void Record(Histogram<double>? instrument, string method, IpcStatusCode status, TimeSpan duration, ServerAddress? server)
    {
        if (instrument is not { Enabled: true })
        {
            return;
        }

        string name = RpcAttributes.NameOf(status);
        var attributes = new TagList
        {
            { RpcAttributes.SystemName, RpcAttributes.System },
            { RpcAttributes.Method, method },
            { RpcAttributes.StatusCode, name },
        };
        if (status != IpcStatusCode.OK)
        {
            attributes.Add(RpcAttributes.ErrorType, name);
        }

        if (server is not null)
        {
            attributes.Add(RpcAttributes.ServerAddress, server.Address);
        }

        if (server?.Port is { } port)
        {
            attributes.Add(RpcAttributes.ServerPort, port);
        }

        try
        {
            instrument.Record(duration.TotalSeconds, attributes);
        }
        catch (Exception exception)
        {
            ListenerFailure.Report(exception);
        }
    }
}
