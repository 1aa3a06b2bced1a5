using System.Diagnostics;
using Signals.Ipc.Services;
using Signals.Ipc.Telemetry;

namespace Signals.Ipc.Interceptors;

/// <summary>Creates the activities of calls. What their listeners throw, which is user code, does not affect a call.</summary>
internal static class CallTracing
{
    private static readonly ActivitySource? Source = ListenerFailure.TryCreate(static () =>
        new ActivitySource(
            new ActivitySourceOptions("Signals.Ipc")
            {
                Version = typeof(CallTracing).Assembly.GetName().Version?.ToString(3),
                TelemetrySchemaUrl = CallMetrics.SchemaUrl,
            }
        )
    );

    /// <summary>Gets a value that indicates whether activities are to be created.</summary>
    internal static bool IsListened => Source?.HasListeners() == true;

    /// <summary>
    /// Creates the activity of a call of a client: a child of the current activity, or of the context that the options of the call contain. It does not
    /// become the current one, since the code of the caller is not part of the call.
    /// </summary>
    internal static Activity? StartClient(ServiceMethod method, TraceContext? inherited, ServerAddress? server)
    {
        Activity? current = Activity.Current;
        ActivityContext parent = inherited is null || (current is not null && inherited.IsOf(current)) ? default : inherited.ToActivityContext();
        try
        {
            return Start(method, ActivityKind.Client, parent, server);
        }
        catch (Exception exception)
        {
            ListenerFailure.Report(exception);
            return null;
        }
        finally
        {
            Activity.Current = current;
        }
    }

    /// <summary>Creates the activity of a call that a host received. It becomes the current one.</summary>
    internal static Activity? StartServer(ServiceMethod method, TraceContext? trace, ServerAddress? server)
    {
        // An activity that is current for another reason is not the parent.
        Activity.Current = null;
        try
        {
            return Start(method, ActivityKind.Server, trace?.ToActivityContext() ?? default, server);
        }
        catch (Exception exception)
        {
            ListenerFailure.Report(exception);
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
            string name = RpcAttributes.NameOf(status);
            activity.SetTag(RpcAttributes.StatusCode, name);
            if (status != IpcStatusCode.OK)
            {
                activity.SetTag(RpcAttributes.ErrorType, name);
                activity.SetStatus(ActivityStatusCode.Error);
            }

            activity.Dispose();
        }
        catch (Exception exception)
        {
            ListenerFailure.Report(exception);
        }
        finally
        {
            Activity.Current = current == activity ? null : current;
        }
    }

    /// <summary>Creates an activity with the attributes by which samplers decide.</summary>
    private static Activity? Start(ServiceMethod method, ActivityKind kind, ActivityContext parent, ServerAddress? server)
    {
        KeyValuePair<string, object?>[] attributes =
        [
            new(RpcAttributes.SystemName, RpcAttributes.System),
            new(RpcAttributes.Method, method.RpcName),
            .. server?.Attributes ?? [],
        ];
        return Source?.StartActivity(method.RpcName, kind, parent, attributes);
    }
}
