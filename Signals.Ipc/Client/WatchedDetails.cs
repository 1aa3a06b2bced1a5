namespace Signals.Ipc.Client;

/// <summary>
/// The details of a stream that is logged or traced, but not intercepted. They report the end of the call, so that the stream itself is the same as one
/// that nothing observes.
/// </summary>
/// <param name="details">The time limit and the headers of the call, or null if it has none.</param>
/// <param name="call">The call.</param>
/// <param name="onEnded">Called when the call has ended.</param>
internal sealed class WatchedDetails(CallDetails? details, InterceptedCall call, Action onEnded) : CallDetails(details)
{
    internal override void OnEnded(Exception? failure, bool isLeft)
    {
        if (failure is not null)
        {
            call.OnFailed(failure);
        }
        else if (isLeft)
        {
            call.OnLeft();
        }
        else
        {
            call.OnSucceeded();
        }

        onEnded();
    }
}
