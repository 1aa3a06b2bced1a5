using System.Runtime.ExceptionServices;

namespace Signals;

/// <summary>Observer that emits a signal with the values of an observable.</summary>
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
