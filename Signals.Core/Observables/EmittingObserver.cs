using System.Runtime.ExceptionServices;

namespace Signals;

/// <summary>Emits a signal with what an observable gives.</summary>
internal sealed class EmittingObserver<T>(Action<T> emit, Action<Exception>? onError, Action? onCompleted) : IObserver<T>
{
    public void OnNext(T value) => emit(value);

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
