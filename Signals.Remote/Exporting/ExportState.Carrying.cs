using Signals.Remote.Wire;

namespace Signals.Remote;

/// <content>
/// Emissions for exchanges that distribute them: one subscription carries the emissions of an export for all importers.
/// </content>
internal abstract partial class ExportState
{
    /// <summary>Records a granted subscription, whose emissions are carried from the number of its grant on.</summary>
    private void Carry(OutSubscription importing, long count)
    {
        _carriedCount++;
        OutSubscription? carrier = FindCarrier(importing);
        if (carrier is null)
        {
            BeginCarrier(importing.Stream, count, carriedCount: 1);
        }
        else
        {
            carrier.CarriedCount++;
        }
    }

    /// <summary>Records the end of a granted subscription. After the last one, emissions are no longer carried.</summary>
    private void Uncarry(OutSubscription importing)
    {
        _carriedCount--;
        OutSubscription carrier = FindCarrier(importing)!;
        if (--carrier.CarriedCount == 0)
        {
            carrier.Stream.DropUnsent(carrier);
            EndCarrier(carrier);
            _carriers.Remove(carrier);
        }
    }

    /// <summary>Carries subsequent emissions with the new epoch. Queued ones keep the old epoch.</summary>
    private void RestartCarriers(long count)
    {
        OutSubscription[] before = [.. _carriers];
        _carriers.Clear();
        foreach (OutSubscription carrier in before)
        {
            carrier.Stream.CatchUp();
            EndCarrier(carrier);
            BeginCarrier(carrier.Stream, count, carrier.CarriedCount);
        }
    }

    /// <summary>Ends carrying because the export is withdrawn. Queued emissions are carried before the importers are notified.</summary>
    private void EndCarriers()
    {
        _carriers.ForEach(EndCarrier);
        _carriers.Clear();
        _carriedCount = 0;
    }

    private void BeginCarrier(OutStream stream, long count, int carriedCount)
    {
        var carrier = new OutSubscription(stream, new SubscribeRequest { Name = Name, Type = TypeName })
        {
            Export = this,
            State = OutState.Granted,
            Epoch = _epoch,
            Sent = count,
            LastNumber = count,
            CarriedCount = carriedCount,
        };
        carrier.Agree(RemoteOverflow.DropOldest, Options.Capacity, Options.MaxQueuedBytes);
        _carriers.Add(carrier);
        Log.Join(carrier);
    }

    private void EndCarrier(OutSubscription carrier)
    {
        Log.Leave(carrier);
        carrier.State = OutState.Ended;
        carrier.Export = null;
    }

    private OutSubscription? FindCarrier(OutSubscription importing) => _carriers.Find(carrier => carrier.Stream == importing.Stream);
}
