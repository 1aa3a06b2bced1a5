namespace System.Runtime.CompilerServices;

/// <summary>Type that the compiler needs for records, and that this target framework does not have.</summary>
internal static class IsExternalInit;
