namespace Signals.Hosting.Running;

/// <summary>Creates the exceptions for hosts and clients that an application has not registered.</summary>
internal static class Missing
{
    /// <param name="kind">The kind of what is missing: host or client.</param>
    /// <param name="name">The name.</param>
    internal static InvalidOperationException Of(string kind, string name) =>
        new(name.Length == 0 ? $"The application has no {kind} without a name." : $"The application has no {kind} with the name {name}.");
}
