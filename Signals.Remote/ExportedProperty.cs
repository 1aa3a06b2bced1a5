using Signals.Remote.Wire;

namespace Signals.Remote;

/// <summary>An exported property. Disposing it withdraws the name.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
public sealed class ExportedProperty<T> : RemoteExport, IRemoteSetter
{
    /// <summary>The maximum number of requests that wait.</summary>
    private const int MaxRequests = 1024;

    private readonly IReadOnlyProperty<T> _property;
    private readonly ISignalCodec<T> _codec;

    /// <summary>Guards the queue of requests.</summary>
    private readonly Lock _lock = new();
    private readonly Queue<(RemoteSubscriber Subscriber, T Value, TaskCompletionSource<SetReply> Done)> _requests = new();

    /// <summary>Indicates whether a request is being handled, or is about to be.</summary>
    private bool _isHandling;

    internal ExportedProperty(string name, IReadOnlyProperty<T> property, ISignalCodec<T> codec)
        : base(name)
    {
        _property = property;
        _codec = codec;
    }

    /// <summary>
    /// Gets or sets the function that handles requests of importers to set the property. It returns the value to store, or throws to refuse; the text of
    /// its exception reaches the importer. The default is null: all requests are refused.
    /// </summary>
    /// <remarks>
    /// Requests are handled one after another on the exporter's evaluator, in the order in which they came. The property must be a
    /// <see cref="Property{T}"/> that is not bound.
    /// </remarks>
    public Func<RemoteSubscriber, T, ValueTask<T>>? SetRequested { get; set; }

    internal override IRemoteSetter? Setter => this;

    Task<SetReply> IRemoteSetter.SetAsync(RemoteSubscriber subscriber, SetRequest request)
    {
        T value;
        try
        {
            value = new InValue(request.Value.Span, direct: null, request.IsNull).Decode(_codec);
        }
        catch (Exception exception)
        {
            OnFailed(exception);
            return Refused("the value cannot be decoded");
        }

        var done = new TaskCompletionSource<SetReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_requests.Count >= MaxRequests)
            {
                return Refused("too many requests");
            }

            _requests.Enqueue((subscriber, value, done));
            if (_isHandling)
            {
                return done.Task;
            }

            _isHandling = true;
        }

        State!.Owner.Evaluator.Post(HandleNext);
        return done.Task;
    }

    private static Task<SetReply> Refused(string reason) => Task.FromResult(new SetReply { Refused = reason });

    /// <summary>Handles a request on the evaluator, and has the next one handled afterwards.</summary>
    private async void HandleNext()
    {
        (RemoteSubscriber subscriber, T value, TaskCompletionSource<SetReply> done) = Dequeue();
        SetReply reply;
        try
        {
            reply = await HandleAsync(subscriber, value);
        }
        catch (Exception exception)
        {
            reply = new SetReply { Refused = exception.Message };
        }

        done.TrySetResult(reply);
        bool hasMore;
        lock (_lock)
        {
            hasMore = _isHandling = _requests.Count > 0;
        }

        if (hasMore)
        {
            State!.Owner.Evaluator.Post(HandleNext);
        }
    }

    private (RemoteSubscriber Subscriber, T Value, TaskCompletionSource<SetReply> Done) Dequeue()
    {
        lock (_lock)
        {
            return _requests.Dequeue();
        }
    }

    private async ValueTask<SetReply> HandleAsync(RemoteSubscriber subscriber, T value)
    {
        if (SetRequested is not { } handler)
        {
            return new SetReply { Refused = "the property cannot be set by importers" };
        }

        if (_property is not Property<T> property || property.IsBound)
        {
            return new SetReply { Refused = "the property is computed" };
        }

        // Stays on the evaluator.
        T stored = await handler(subscriber, value);
        try
        {
            property.Value = stored;
        }
        catch (Exception exception) when (EqualityComparer<T>.Default.Equals(property.Peek(), stored))
        {
            // A slot of the exporter threw, which does not concern the importer.
            OnFailed(exception);
        }

        return stored is null ? new SetReply { IsNull = true } : new SetReply { Value = _codec.ToByteString(stored) };
    }
}
