using System.Diagnostics;
using Signals.Ipc.Services;

namespace Signals.Ipc.Interceptors;

/// <summary>Creates the activities of calls. What their listeners throw, which is user code, does not affect a call.</summary>
internal static class CallTracing
{
    private static readonly ActivitySource Source = new("Signals.Ipc");

    /// <summary>Gets a value that indicates whether activities are to be created.</summary>
    internal static bool IsListened => Source.HasListeners();

    /// <summary>
    /// Creates the activity of a call of a client: a child of the current activity, or of the context that the options of the call contain. It does not
    /// become the current one, since the code of the caller is not part of the call.
    /// </summary>
    internal static Activity? StartClient(ServiceMethod method, TraceContext? inherited)
    {
        Activity? current = Activity.Current;
        ActivityContext parent = inherited is null || (current is not null && inherited.IsOf(current)) ? default : inherited.ToActivityContext();
        try
        {
            return Describe(Source.StartActivity(method.FullName, ActivityKind.Client, parent), method);
        }
        catch (Exception exception)
        {
            Report(exception);
            return null;
        }
        finally
        {
            Activity.Current = current;
        }
    }

    /// <summary>Creates the activity of a call that a host received. It becomes the current one.</summary>
    internal static Activity? StartServer(ServiceMethod method, TraceContext? trace)
    {
        // An activity that is current for another reason is not the parent.
        Activity.Current = null;
        try
        {
            return Describe(Source.StartActivity(method.FullName, ActivityKind.Server, trace?.ToActivityContext() ?? default), method);
        }
        catch (Exception exception)
        {
            Report(exception);
            return null;
        }
    }

    /// <summary>Ends the activity of a call.</summary>
    internal static void Stop(Activity? activity, IpcStatusCode status)
    {
        if (activity is null)
        {
            return;
        }

        Activity? current = Activity.Current;
        try
        {
            activity.SetTag("rpc.response.status_code", status.ToString());
            if (status != IpcStatusCode.OK)
            {
                activity.SetStatus(ActivityStatusCode.Error);
            }

            activity.Dispose();
        }
        catch (Exception exception)
        {
            Report(exception);
        }
        finally
        {
            Activity.Current = current == activity ? null : current;
        }
    }

    private static Activity? Describe(Activity? activity, ServiceMethod method) =>
        activity?.SetTag("rpc.system", "signals_ipc").SetTag("rpc.service", method.ServiceName).SetTag("rpc.method", method.Name);

    private static void Report(Exception exception) => Trace.TraceError($"A listener of the activities of Signals.Ipc threw an exception: {exception}");
}
