using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>
/// Names one connection of a signal. Sixteen bytes, copied freely: all copies name the same connection. When the connection has ended,
/// by whatever means, its handles are inactive and stay so, also when the signal uses the place again.
/// </summary>
/// <remarks>
/// <para><see langword="default"/> is a handle that is not, and never becomes, active.</para>
/// <para>A handle keeps its signal alive, and nothing else. All members are thread-safe.</para>
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public readonly struct ConnectionHandle : IDisposable, IEquatable<ConnectionHandle>
{
    private readonly SignalBase? _signal;
    private readonly GenIndex _index;

    internal ConnectionHandle(SignalBase signal, GenIndex index)
    {
        _signal = signal;
        _index = index;
    }

    /// <summary>Whether the connection stands. A blocked connection is active.</summary>
    public bool IsActive => _signal is { } signal && signal.IsActive(_index);

    /// <summary>Whether the connection stands and is blocked.</summary>
    public bool IsBlocked => _signal is { } signal && signal.IsBlocked(_index);

    internal SignalBase? Signal => _signal;

    internal GenIndex Index => _index;

    /// <summary>
    /// Ends the connection; does nothing if it has ended. Afterwards the slot is not started again on this thread, and what a deferred
    /// connection had queued does not run. An emission on another thread that had already fetched the slot may finish that one call.
    /// </summary>
    public void Disconnect() => TryDisconnect();

    /// <summary>The same as <see cref="Disconnect"/>.</summary>
    public void Dispose() => TryDisconnect();

    /// <summary>
    /// Blocks or unblocks the connection. Emissions pass over a blocked connection; it keeps its place in the order. What a deferred
    /// connection has queued before it was blocked still runs.
    /// </summary>
    /// <param name="blocked">Whether to block it.</param>
    /// <returns>Whether it was blocked before.</returns>
    /// <exception cref="InvalidOperationException">The connection has ended.</exception>
    public bool Block(bool blocked) =>
        TryBlock(blocked)
        ?? throw new InvalidOperationException(
            $"{this} cannot be {(blocked ? "blocked" : "unblocked")}: it has ended. Check {nameof(IsActive)} first if that may happen."
        );

    /// <summary>Whether this names a standing connection of a signal.</summary>
    /// <param name="signal">The signal.</param>
    /// <returns><see langword="false"/> for other signals' connections, and for every connection that has ended.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="signal"/> is null.</exception>
    public bool BelongsTo(SignalBase signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        return ReferenceEquals(_signal, signal) && signal.IsActive(_index);
    }

    /// <summary>Gives the connection to a group, which ends it with its others.</summary>
    /// <param name="group">The group.</param>
    /// <returns>This handle.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="group"/> is null.</exception>
    public ConnectionHandle AddTo(ConnectionGroup group)
    {
        ArgumentNullException.ThrowIfNull(group);
        group.Add(this);
        return this;
    }

    /// <summary>Whether both name the same connection.</summary>
    /// <param name="other">The other handle.</param>
    /// <returns><see langword="true"/> for copies of one handle, active or not.</returns>
    public bool Equals(ConnectionHandle other) => ReferenceEquals(_signal, other._signal) && _index == other._index;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ConnectionHandle other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(RuntimeHelpers.GetHashCode(_signal), _index);

    /// <summary>Says which connection this is and how it stands.</summary>
    /// <returns>A text for logs and debuggers.</returns>
    public override string ToString()
    {
        if (_signal is not { } signal)
        {
            return "Connection (none)";
        }

        string state = !IsActive ? "ended" : IsBlocked ? "blocked" : "active";
        return $"Connection {_index.Index}.{_index.Generation} of {signal.TypeName} ({state})";
    }

    /// <summary>Whether both name the same connection.</summary>
    /// <param name="left">One handle.</param>
    /// <param name="right">The other.</param>
    /// <returns>See <see cref="Equals(ConnectionHandle)"/>.</returns>
    public static bool operator ==(ConnectionHandle left, ConnectionHandle right) => left.Equals(right);

    /// <summary>Whether the two name different connections.</summary>
    /// <param name="left">One handle.</param>
    /// <param name="right">The other.</param>
    /// <returns>See <see cref="Equals(ConnectionHandle)"/>.</returns>
    public static bool operator !=(ConnectionHandle left, ConnectionHandle right) => !left.Equals(right);

    /// <summary>Ends the connection and says whether it was this call that did.</summary>
    internal bool TryDisconnect() => _signal is { } signal && signal.TryDisconnect(_index);

    /// <summary>Blocks or unblocks the connection. Returns what it was, or null if it has ended.</summary>
    internal bool? TryBlock(bool blocked) => _signal?.TryBlock(_index, blocked);
}
