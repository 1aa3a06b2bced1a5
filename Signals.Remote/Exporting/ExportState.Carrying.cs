using Signals.Remote.Wire;

namespace Signals.Remote;

/// <content>
/// Gives emissions to exchanges that distribute them: once for each export, by a subscription that carries them, whatever the number of importers.
/// </content>
internal abstract partial class ExportState
{
    /// <summary>Takes note of a granted subscription whose emissions are carried from the number on that it was granted with.</summary>
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

    /// <summary>Takes note of the end of such a subscription. With the last one, nothing is carried any more.</summary>
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

    /// <summary>Carries the emissions that follow under the new epoch. What was queued before keeps the old one.</summary>
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

    /// <summary>Ends carrying as the export is withdrawn. What is queued is carried before the end is told.</summary>
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
