namespace System.Runtime.CompilerServices;

/// <summary>Type that the compiler needs for records and that this target framework lacks.</summary>
internal static class IsExternalInit;
