using Signals.Ipc;

namespace Greeter;

/// <summary>A service with a signal and a property, which its clients use like local ones.</summary>
internal sealed class GuestBookService : GuestBookBase
{
    public override ValueTask<GuestCount> Enter(Guest request, CallContext context)
    {
        Guests.Value = new GuestCount { Count = Guests.Value.Count + 1 };
        Arrived.Emit(request);
        return new(Guests.Value);
    }
}
