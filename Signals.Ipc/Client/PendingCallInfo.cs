namespace Signals.Ipc;

/// <summary>Describes a call that has not ended, for diagnosis.</summary>
/// <param name="Method">The name of the service and the method, as in <c>Greeter.SayHello</c>.</param>
/// <param name="Age">The time since the call was made.</param>
/// <param name="State">The state of the call.</param>
public sealed record PendingCallInfo(string Method, TimeSpan Age, PendingCallState State);
