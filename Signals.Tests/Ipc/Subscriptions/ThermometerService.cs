using Google.Protobuf;
using Signals.Ipc;

namespace Signals.Tests.Ipc.Subscriptions;

/// <summary>A service with a signal and a property. On the wire: 1 Measure, 2 Measured, 3 Temperature.</summary>
internal sealed class ThermometerService : Service
{
    private volatile bool _isSubscribed;

    /// <summary>Handles a measurement instead of <see cref="Tell"/>, or null.</summary>
    private readonly Action<Degrees>? _onMeasure;

    internal ThermometerService(ISignal<Degrees>? measured = null, IReadOnlyProperty<Degrees>? temperature = null, Action<Degrees>? onMeasure = null)
        : base(ThermometerReflection.Descriptor.Services[0])
    {
        _onMeasure = onMeasure;
        Measured = new Signal<Degrees>(
            new SignalOptions { FirstConnectedHandler = () => _isSubscribed = true, LastDisconnectedHandler = () => _isSubscribed = false }
        );
        Unary<Degrees, Degrees>(Measure);
        Stream<Nothing, Degrees>(measured ?? Measured, nameof(Measured));
        Stream<Nothing, Degrees>(temperature ?? Temperature, nameof(Temperature));
    }

    internal Signal<Degrees> Measured { get; }

    /// <summary>
    /// Gets a value that indicates whether an emission reaches a client. A slot object that is being connected is counted shortly before it is reached.
    /// </summary>
    internal bool IsSubscribed => _isSubscribed;

    internal Property<Degrees> Temperature { get; } = new(new Degrees());

    /// <summary>Emits the signal and sets the property.</summary>
    internal void Tell(int value, int bytes = 0)
    {
        var degrees = new Degrees { Value = value, Padding = ByteString.CopyFrom(new byte[bytes]) };
        Temperature.Value = degrees;
        Measured.Emit(degrees);
    }

    private Degrees Measure(Degrees request, CallContext context)
    {
        if (_onMeasure is null)
        {
            Tell(request.Value);
        }
        else
        {
            _onMeasure(request);
        }

        return request;
    }
}
