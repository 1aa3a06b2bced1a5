namespace Signals.Ipc.Client;

/// <summary>The token of a call and that of its enumeration as one. Only if both can be canceled, they are linked.</summary>
internal readonly struct CallTokens : IDisposable
{
    private readonly CancellationToken _ofCall;
    private readonly CancellationToken _ofEnumeration;

    /// <summary>The source that links both tokens, or null if one is enough.</summary>
    private readonly CancellationTokenSource? _linked;

    internal CallTokens(CancellationToken ofCall, CancellationToken ofEnumeration)
    {
        _ofCall = ofCall;
        _ofEnumeration = ofEnumeration;
        _linked =
            ofCall.CanBeCanceled && ofEnumeration.CanBeCanceled && ofCall != ofEnumeration
                ? CancellationTokenSource.CreateLinkedTokenSource(ofCall, ofEnumeration)
                : null;
    }

    /// <summary>Gets a token that is canceled when one of both is.</summary>
    internal CancellationToken Token => _linked?.Token ?? (_ofCall.CanBeCanceled ? _ofCall : _ofEnumeration);

    /// <summary>Returns an exception with the token of the caller instead of the linked one. Other exceptions are returned as they are.</summary>
    internal Exception Translate(Exception exception) =>
        _linked is not null && exception is OperationCanceledException cancelled && cancelled.CancellationToken == _linked.Token
            ? new OperationCanceledException(cancelled.Message, cancelled, _ofCall.IsCancellationRequested ? _ofCall : _ofEnumeration)
            : exception;

    /// <inheritdoc/>
    public void Dispose() => _linked?.Dispose();
}
