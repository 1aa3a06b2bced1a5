using System.Runtime.ExceptionServices;

namespace Signals;

/// <summary>Emits a signal with what an observable gives.</summary>
internal sealed class EmittingObserver<T>(Signal<T> target, Action<Exception>? onError, Action? onCompleted) : IObserver<T>
{
    public void OnNext(T value) => target.Emit(value);

    public void OnError(Exception error)
    {
        if (onError is null)
        {
            ExceptionDispatchInfo.Throw(error);
        }

        onError(error);
    }

    public void OnCompleted() => onCompleted?.Invoke();
}
