namespace Signals.Ipc.Telemetry;

/// <summary>The attributes of activities and measurements, by the conventions of OpenTelemetry for remote procedure calls.</summary>
internal static class RpcAttributes
{
    internal const string SystemName = "rpc.system.name";
    internal const string Method = "rpc.method";
    internal const string StatusCode = "rpc.response.status_code";
    internal const string ErrorType = "error.type";
    internal const string ServerAddress = "server.address";
    internal const string ServerPort = "server.port";

    /// <summary>The value of <see cref="SystemName"/>.</summary>
    internal const string System = "signals_ipc";

    /// <summary>The value of <see cref="Method"/> for a method that the host does not have: the names that clients send must not become attributes.</summary>
    internal const string OtherMethod = "_OTHER";

    /// <summary>Returns the name of a status as gRPC, whose statuses they are, spells it.</summary>
    internal static string NameOf(IpcStatusCode status) =>
        status switch
        {
            IpcStatusCode.OK => "OK",
            IpcStatusCode.Cancelled => "CANCELLED",
            IpcStatusCode.InvalidArgument => "INVALID_ARGUMENT",
            IpcStatusCode.DeadlineExceeded => "DEADLINE_EXCEEDED",
            IpcStatusCode.NotFound => "NOT_FOUND",
            IpcStatusCode.AlreadyExists => "ALREADY_EXISTS",
            IpcStatusCode.PermissionDenied => "PERMISSION_DENIED",
            IpcStatusCode.ResourceExhausted => "RESOURCE_EXHAUSTED",
            IpcStatusCode.FailedPrecondition => "FAILED_PRECONDITION",
            IpcStatusCode.Aborted => "ABORTED",
            IpcStatusCode.OutOfRange => "OUT_OF_RANGE",
            IpcStatusCode.Unimplemented => "UNIMPLEMENTED",
            IpcStatusCode.Internal => "INTERNAL",
            IpcStatusCode.Unavailable => "UNAVAILABLE",
            IpcStatusCode.DataLoss => "DATA_LOSS",
            IpcStatusCode.Unauthenticated => "UNAUTHENTICATED",
            _ => "UNKNOWN",
        };
}
