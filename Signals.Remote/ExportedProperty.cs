using System.Diagnostics;
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

    /// <summary>Increases when the evaluator has failed, so that what it may have queued in spite of that does nothing.</summary>
    private int _failures;

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
            AssertInvariants();
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

        Post();
        return done.Task;
    }

    private static Task<SetReply> Refused(string reason) => Task.FromResult(new SetReply { Refused = reason });

    /// <summary>Has the evaluator handle the next request. If it cannot, all requests are refused, since none of them will be handled.</summary>
    private void Post()
    {
        ConnectionEvaluator evaluator = State!.Owner.Evaluator;
        int failures = Volatile.Read(ref _failures);
        if (EvaluatorPosts.TryPost(evaluator, () => HandleNext(failures), out Exception? exception) && !evaluator.IsDisposed)
        {
            return;
        }

        List<(RemoteSubscriber Subscriber, T Value, TaskCompletionSource<SetReply> Done)> refused = [];
        lock (_lock)
        {
            AssertInvariants();
            refused.AddRange(_requests);
            _requests.Clear();
            _isHandling = false;
            _failures++;
        }

        refused.ForEach(static request => request.Done.TrySetResult(new SetReply { Refused = "the exporter cannot handle requests" }));
        if (exception is not null)
        {
            OnFailed(exception);
        }
    }

    /// <summary>Handles a request on the evaluator, and has the next one handled afterwards.</summary>
    private async void HandleNext(int failures)
    {
        (RemoteSubscriber Subscriber, T Value, TaskCompletionSource<SetReply> Done) request;
        lock (_lock)
        {
            AssertInvariants();
            if (failures != _failures || !_requests.TryDequeue(out request))
            {
                // Refused.
                return;
            }
        }

        SetReply reply;
        try
        {
            // Stays on the evaluator.
            reply = await HandleAsync(request.Subscriber, request.Value);
        }
        catch (Exception exception)
        {
            reply = new SetReply { Refused = exception.Message };
        }

        request.Done.TrySetResult(reply);
        bool hasMore;
        lock (_lock)
        {
            AssertInvariants();
            hasMore = failures == _failures && _requests.Count > 0;
            _isHandling = hasMore || (failures != _failures && _isHandling);
        }

        if (hasMore)
        {
            Post();
        }
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(_requests.Count <= MaxRequests);
        Debug.Assert(_requests.Count == 0 || _isHandling, "What waits is handled.");
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
