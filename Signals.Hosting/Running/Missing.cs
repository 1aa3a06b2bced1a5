namespace Signals.Hosting.Running;

/// <summary>Creates exceptions for hosts, clients and evaluators that an application has not registered.</summary>
internal static class Missing
{
    /// <param name="kind">The missing kind of service: host, client or evaluator.</param>
    /// <param name="name">The name.</param>
    internal static InvalidOperationException Of(string kind, string name) =>
        new(
            name.Length == 0
                ? $"The application has no {kind} without a name. Add one, or pass the name of one."
                : $"The application has no {kind} with the name {name}. Add one, or pass the name of one."
        );
}
