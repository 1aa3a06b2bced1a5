namespace Signals.Ipc;

/// <summary>Specifies the result of a call. Names, numbers and meanings are those of gRPC's status codes.</summary>
public enum IpcStatusCode
{
    /// <summary>The call succeeded.</summary>
    OK = 0,

    /// <summary>The call was canceled.</summary>
    Cancelled = 1,

    /// <summary>The method failed for a reason that the host does not state, or the host does not send statuses.</summary>
    Unknown = 2,

    /// <summary>The request is not valid, whatever the state of the service.</summary>
    InvalidArgument = 3,

    /// <summary>The time limit of the call was over before the method had completed.</summary>
    DeadlineExceeded = 4,

    /// <summary>A requested entity does not exist.</summary>
    NotFound = 5,

    /// <summary>An entity that the call was to create exists.</summary>
    AlreadyExists = 6,

    /// <summary>The caller does not have the permission to make the call.</summary>
    PermissionDenied = 7,

    /// <summary>A limit was reached.</summary>
    ResourceExhausted = 8,

    /// <summary>The service is not in the state that the call requires.</summary>
    FailedPrecondition = 9,

    /// <summary>The call was aborted, usually because it conflicts with another one.</summary>
    Aborted = 10,

    /// <summary>The request exceeds the valid range.</summary>
    OutOfRange = 11,

    /// <summary>The host does not have the service or the method, or the method is not implemented.</summary>
    Unimplemented = 12,

    /// <summary>The service violated one of its own invariants.</summary>
    Internal = 13,

    /// <summary>The service is not available, for instance because its host is stopping. The call can be retried.</summary>
    Unavailable = 14,

    /// <summary>Data was lost or damaged.</summary>
    DataLoss = 15,

    /// <summary>The caller is not authenticated.</summary>
    Unauthenticated = 16,
}
