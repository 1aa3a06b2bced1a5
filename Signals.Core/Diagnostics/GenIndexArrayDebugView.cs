using System.Diagnostics;

namespace Signals;

/// <summary>Shows a <see cref="GenIndexArray{T}"/> in a debugger as its indices and values.</summary>
internal sealed class GenIndexArrayDebugView<T>(GenIndexArray<T> array)
{
    [DebuggerBrowsable(DebuggerBrowsableState.RootHidden)]
    public (GenIndex Index, T Value)[] Items => [.. array];
}
