using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>
/// Identifies one connection of a signal. The handle is a 16-byte value that can be copied freely; all copies identify the same connection.
/// When the connection has ended for any reason, its handles are inactive and remain so, even if the signal reuses the connection's index.
/// </summary>
/// <remarks>
/// <para>The <see langword="default"/> handle is inactive and never becomes active.</para>
/// <para>A handle keeps its signal alive, and no other object. All members are thread-safe.</para>
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

    /// <summary>
    /// Gets a value that indicates whether the connection is active, that is, has not ended. A blocked connection is active.
    /// </summary>
    public bool IsActive => _signal is { } signal && signal.IsActive(_index);

    /// <summary>Gets a value that indicates whether the connection is active and blocked.</summary>
    public bool IsBlocked => _signal is { } signal && signal.IsBlocked(_index);

    internal SignalBase? Signal => _signal;

    internal GenIndex Index => _index;

    /// <summary>
    /// Ends the connection. Does nothing if it has already ended. The handle and all its copies become inactive.
    /// </summary>
    /// <remarks>
    /// Afterwards, the slot is not started again on this thread, and queued invocations of a deferred connection do not run. An emission on
    /// another thread that has already fetched the slot may complete that one call.
    /// </remarks>
    public void Disconnect() => TryDisconnect();

    /// <summary>
    /// Ends the connection, like <see cref="Disconnect"/>, and completes when no run of a deferred or asynchronous slot is active any more. For
    /// the other kinds of connections, it is <see cref="Disconnect"/>: an emission on another thread may still be inside the slot.
    /// </summary>
    /// <remarks>
    /// Do not await this inside the slot itself, or inside a slot that the same evaluator runs: the slot would wait for its own end.
    /// </remarks>
    /// <param name="cancellationToken">The token that cancels the wait. The connection ends even if it is canceled.</param>
    /// <returns>A task that completes when the slot does not run any more.</returns>
    /// <exception cref="OperationCanceledException">The wait was canceled.</exception>
    public ValueTask DisconnectAsync(CancellationToken cancellationToken = default)
    {
        TryDisconnect();
        return WhenIdleAsync(cancellationToken);
    }

    /// <summary>
    /// Waits until no run of an asynchronous or deferred slot is active or queued. The connection may have ended. For the other kinds of
    /// connections, the returned task is already completed.
    /// </summary>
    /// <remarks>
    /// The connection may be busy again when the task has completed, unless it has ended. The wait for a deferred slot ends with the round of
    /// the evaluator in which its last invocation has run. Do not await this inside the slot itself: the slot would wait for its own end.
    /// </remarks>
    /// <param name="cancellationToken">The token that cancels the wait.</param>
    /// <returns>A task that completes when the connection is idle.</returns>
    /// <exception cref="OperationCanceledException">The wait was canceled.</exception>
    public ValueTask WhenIdleAsync(CancellationToken cancellationToken = default)
    {
        Task idle = _signal?.WhenIdleAsync(_index) ?? Task.CompletedTask;
        return idle.IsCompleted ? ValueTask.CompletedTask : new ValueTask(idle.WaitAsync(cancellationToken));
    }

    /// <summary>Ends the connection, like <see cref="Disconnect"/>.</summary>
    public void Dispose() => TryDisconnect();

    /// <summary>
    /// Blocks or unblocks the connection. Emissions skip a blocked connection, which remains active and keeps its position in the order.
    /// Invocations that a deferred connection queued before it was blocked still run.
    /// </summary>
    /// <param name="blocked"><see langword="true"/> to block the connection; <see langword="false"/> to unblock it.</param>
    /// <returns><see langword="true"/> if the connection was blocked before the call; otherwise, <see langword="false"/>.</returns>
    /// <exception cref="InvalidOperationException">The connection has ended, or the handle is <see langword="default"/>.</exception>
    public bool Block(bool blocked) =>
        TryBlock(blocked)
        ?? throw new InvalidOperationException(
            $"{this} cannot be {(blocked ? "blocked" : "unblocked")} because it is not active. Check {nameof(IsActive)} before the call."
        );

    /// <summary>Determines whether the handle identifies an active connection of a signal.</summary>
    /// <param name="signal">The signal.</param>
    /// <returns>
    /// <see langword="true"/> if the connection is active and belongs to <paramref name="signal"/>; <see langword="false"/> if it has ended
    /// or belongs to another signal.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="signal"/> is null.</exception>
    public bool BelongsTo(SignalBase signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        return ReferenceEquals(_signal, signal) && signal.IsActive(_index);
    }

    /// <summary>Adds the connection to a group, which ends it together with its other connections.</summary>
    /// <param name="group">The group. If it has been disposed, the connection ends immediately.</param>
    /// <returns>This handle.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="group"/> is null.</exception>
    public ConnectionHandle AddTo(ConnectionGroup group)
    {
        ArgumentNullException.ThrowIfNull(group);
        group.Add(this);
        return this;
    }

    /// <summary>Determines whether two handles identify the same connection.</summary>
    /// <param name="other">The other handle.</param>
    /// <returns><see langword="true"/> for copies of the same handle, whether active or not; otherwise, <see langword="false"/>.</returns>
    public bool Equals(ConnectionHandle other) => ReferenceEquals(_signal, other._signal) && _index == other._index;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ConnectionHandle other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(RuntimeHelpers.GetHashCode(_signal), _index);

    /// <summary>Returns the connection's index, signal and state, for logs and debuggers.</summary>
    /// <returns>A description of the connection.</returns>
    public override string ToString()
    {
        if (_signal is not { } signal)
        {
            return "Connection (none)";
        }

        string state =
            !IsActive ? "ended"
            : IsBlocked ? "blocked"
            : "active";
        return $"Connection {_index.Index}.{_index.Generation} of {signal.TypeName} ({state})";
    }

    /// <summary>Determines whether two handles identify the same connection.</summary>
    /// <param name="left">The first handle.</param>
    /// <param name="right">The second handle.</param>
    /// <returns><see langword="true"/> if they identify the same connection; otherwise, <see langword="false"/>.</returns>
    public static bool operator ==(ConnectionHandle left, ConnectionHandle right) => left.Equals(right);

    /// <summary>Determines whether two handles identify different connections.</summary>
    /// <param name="left">The first handle.</param>
    /// <param name="right">The second handle.</param>
    /// <returns><see langword="true"/> if they identify different connections; otherwise, <see langword="false"/>.</returns>
    public static bool operator !=(ConnectionHandle left, ConnectionHandle right) => !left.Equals(right);

    /// <summary>Ends the connection. Returns true if this call ended it.</summary>
    internal bool TryDisconnect() => _signal is { } signal && signal.TryDisconnect(_index);

    /// <summary>Blocks or unblocks the connection. Returns whether it was blocked before, or null if it has ended.</summary>
    internal bool? TryBlock(bool blocked) => _signal?.TryBlock(_index, blocked);
}
