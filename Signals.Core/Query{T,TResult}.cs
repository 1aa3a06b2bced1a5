namespace Signals;

/// <summary>
/// A signal whose slots give results: asking it runs all connected slots and combines their results, for example to find out whether any of
/// them refuses something.
/// </summary>
/// <remarks>
/// <para>Connections have the same properties as those of a <see cref="Signal{T}"/>: slots run in the order in which they were connected, and
/// can be blocked and disconnected at any time. All members are thread-safe.</para>
/// <para>If a slot throws, the other slots still run, and then the exception is thrown instead of a result: see
/// <see cref="SignalOptions"/> for other behaviors.</para>
/// </remarks>
/// <typeparam name="T">The type of the argument.</typeparam>
/// <typeparam name="TResult">The type of the results.</typeparam>
public sealed class Query<T, TResult> : SignalBase
{
    /// <summary>Number of connected asynchronous slots.</summary>
    private int _asynchronous;

    /// <summary>Initializes a query with the default options.</summary>
    public Query() { }

    /// <summary>Initializes a query with the specified options.</summary>
    /// <param name="options">The options, which specify the behavior when a slot throws. They are copied.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    public Query(SignalOptions options)
        : base(options) { }

    /// <inheritdoc/>
    internal override Delegate Emitter => (Func<T, IReadOnlyList<TResult>>)Ask;

    private protected override Delegate Track(TrackedConnection connection) =>
        connection.Slot is Func<T, TResult>
            ? (Func<T, TResult>)connection.Ask<T, TResult>
            : (Func<T, CancellationToken, ValueTask<TResult>>)connection.AskAsync<T, TResult>;

    /// <summary>Connects a slot.</summary>
    /// <param name="slot">The delegate that gives a result.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="slot"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The query has been disposed.</exception>
    public ConnectionHandle Connect(Func<T, TResult> slot) => ConnectSlot(slot);

    /// <summary>Connects an asynchronous slot. The query must then be asked asynchronously.</summary>
    /// <param name="slot">The delegate that gives a result. Its token is that of the call that asks.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="slot"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The query has been disposed.</exception>
    public ConnectionHandle ConnectAsync(Func<T, CancellationToken, ValueTask<TResult>> slot)
    {
        ArgumentNullException.ThrowIfNull(slot);
        var adapter = new AsyncQuerySlot<T, TResult>(slot, change => Interlocked.Add(ref _asynchronous, change));
        return ConnectBound((Func<T, CancellationToken, ValueTask<TResult>>)adapter.RunAsync, adapter);
    }

    /// <summary>Runs all slots and returns their results, in the order of the slots.</summary>
    /// <param name="value">The argument to pass to the slots.</param>
    /// <returns>The results, or an empty list if the query has no slots.</returns>
    /// <exception cref="InvalidOperationException">An asynchronous slot is connected: use <see cref="AskAsync(T, CancellationToken)"/>.</exception>
    /// <exception cref="Exception">A slot threw an exception: a single one as it was thrown, several as an <see cref="AggregateException"/>.</exception>
    public IReadOnlyList<TResult> Ask(T value) => Ask(value, Combine.All<TResult>());

    /// <summary>Runs the slots, and passes their results, in the order of the slots, to a combiner that may stop early.</summary>
    /// <typeparam name="TCombined">The type of the combined result.</typeparam>
    /// <param name="value">The argument to pass to the slots.</param>
    /// <param name="combiner">The combiner, which is used for this call only: see <see cref="Combine"/>.</param>
    /// <returns>The combined result.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="combiner"/> is null.</exception>
    /// <exception cref="InvalidOperationException">
    /// An asynchronous slot is connected: use <see cref="AskAsync{TCombined}(T, ICombiner{TResult, TCombined}, CancellationToken)"/>. Or the
    /// combiner needs a result, and there is none.
    /// </exception>
    /// <exception cref="Exception">A slot threw an exception: a single one as it was thrown, several as an <see cref="AggregateException"/>.</exception>
    public TCombined Ask<TCombined>(T value, ICombiner<TResult, TCombined> combiner)
    {
        ArgumentNullException.ThrowIfNull(combiner);
        if (Volatile.Read(ref _asynchronous) != 0)
        {
            throw new InvalidOperationException(
                $"An asynchronous slot is connected to this {TypeName}. Use {nameof(AskAsync)}, which runs the other slots too."
            );
        }

        var cursor = new SlotCursor(this, Slots);
        SlotFailures? failures = null;
        bool continues = true;
        while (continues && cursor.TryNext(out Delegate? slot, out ConnectionHandle connection))
        {
            if (slot is not Func<T, TResult> plain)
            {
                continue;
            }

            TResult result;
            try
            {
                result = plain(value);
            }
            catch (Exception exception)
            {
                (failures ??= new SlotFailures()).Add(exception, slot, connection);
                continues = !StopsAtFirst;
                continue;
            }

            continues = combiner.Add(result);
        }

        failures?.ThrowIfAny(TypeName);
        return combiner.Combined;
    }

    /// <summary>Runs all slots, one after the other, and returns their results, in the order of the slots.</summary>
    /// <param name="value">The argument to pass to the slots.</param>
    /// <param name="cancellationToken">The token that cancels the call. It is passed to the asynchronous slots.</param>
    /// <returns>A task with the results, or with an empty list if the query has no slots.</returns>
    /// <exception cref="OperationCanceledException">The call was canceled.</exception>
    /// <exception cref="Exception">A slot failed: a single exception as it was thrown, several as an <see cref="AggregateException"/>.</exception>
    public ValueTask<IReadOnlyList<TResult>> AskAsync(T value, CancellationToken cancellationToken = default) =>
        AskAsync(value, Combine.All<TResult>(), cancellationToken);

    /// <summary>Runs the slots, one after the other, and passes their results to a combiner that may stop early.</summary>
    /// <typeparam name="TCombined">The type of the combined result.</typeparam>
    /// <param name="value">The argument to pass to the slots.</param>
    /// <param name="combiner">The combiner, which is used for this call only: see <see cref="Combine"/>.</param>
    /// <param name="cancellationToken">The token that cancels the call. It is passed to the asynchronous slots.</param>
    /// <returns>A task with the combined result.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="combiner"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The combiner needs a result, and there is none.</exception>
    /// <exception cref="OperationCanceledException">The call was canceled.</exception>
    /// <exception cref="Exception">A slot failed: a single exception as it was thrown, several as an <see cref="AggregateException"/>.</exception>
    public ValueTask<TCombined> AskAsync<TCombined>(T value, ICombiner<TResult, TCombined> combiner, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(combiner);
        return AskEachAsync(value, combiner, cancellationToken);
    }

    private async ValueTask<TCombined> AskEachAsync<TCombined>(T value, ICombiner<TResult, TCombined> combiner, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var cursor = new SlotCursor(this, Slots);
        SlotFailures? failures = null;
        bool continues = true;
        while (continues && cursor.TryNext(out Delegate? slot, out ConnectionHandle connection))
        {
            cancellationToken.ThrowIfCancellationRequested();
            TResult result;
            try
            {
                result = slot is Func<T, TResult> plain
                    ? plain(value)
                    : await ((Func<T, CancellationToken, ValueTask<TResult>>)slot)(value, cancellationToken).ConfigureAwait(true);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                (failures ??= new SlotFailures()).Add(exception, slot, connection);
                continues = !StopsAtFirst;
                continue;
            }

            continues = combiner.Add(result);
        }

        failures?.ThrowIfAny(TypeName);
        return combiner.Combined;
    }
}
