namespace Signals.Tests.Core.Properties;

/// <summary>The random programs.</summary>
internal static class Seeds
{
    /// <summary>Number of programs of each kind. Mutation testing runs them for nearly each change.</summary>
#if MUTATION
    internal const int Count = 15;
#else
    internal const int Count = 150;
#endif
}
