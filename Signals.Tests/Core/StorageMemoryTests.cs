using NUnit.Framework;

namespace Signals.Tests.Core;

/// <summary>Memory that a signal keeps when its connections have ended, for the connections and for their indices.</summary>
public sealed class StorageMemoryTests
{
    private const int Size = 20_000;

    /// <summary>Capacity of the tables that hold <see cref="Size"/> connections.</summary>
    private const int Capacity = 32_768;

    /// <summary>Size of a connection in the dense table, in bytes.</summary>
    private const int BytesInTable = 16;

    /// <summary>Size of a connection's index in the index table, in bytes.</summary>
    private const int BytesOfIndex = 8;

    /// <summary>Tolerance for memory that the rest of the process needs meanwhile: half the size of the indices.</summary>
    private const long Spare = Capacity * BytesOfIndex / 2;

    private static readonly Action Slot = () => { };

    private readonly ConnectionHandle[] _handles = new ConnectionHandle[Size];

    [Test]
    public void S4_signal_without_connections_keeps_no_memory_of_ended_ones([Values] bool compacted, [Values] bool backwards)
    {
        ConnectAndDisconnectAll(new Signal(), compacted, backwards);
        Array.Clear(_handles);
        var signal = new Signal();
        long before = Garbage.RetainedBytes();

        ConnectAndDisconnectAll(signal, compacted, backwards);

        Assert.That(Garbage.RetainedBytes() - before, Is.LessThan(Spare));
        Assert.That(signal.ConnectionCount, Is.Zero);
    }

    [Test]
    public void S4_signal_with_few_connections_left_keeps_memory_for_few()
    {
        var signal = new Signal();
        long before = Garbage.RetainedBytes();
        ConnectAll(signal, compacted: false);
        DisconnectAllBut(10, backwards: true);

        Assert.That(Garbage.RetainedBytes() - before, Is.LessThan(Spare));
        Assert.That(signal.ConnectionCount, Is.EqualTo(10));
    }

    [Test]
    public void TrimExcess_releases_the_memory_of_connections_and_indices()
    {
        const int left = 3 * Size / 20;
        var signal = new Signal();
        ConnectAll(signal, compacted: false);
        DisconnectAllBut(left, backwards: true);

        long before = Garbage.RetainedBytes();
        signal.TrimExcess();

        // The connections alone need less than four fifths of this.
        const long freed = (Capacity - (2 * left)) * (BytesInTable + BytesOfIndex);
        Assert.That(before - Garbage.RetainedBytes(), Is.GreaterThan(freed * 9 / 10));
        Assert.That(signal.ConnectionCount, Is.EqualTo(left));
    }

    [Test]
    public void S8_memory_of_blocked_connections_is_released_when_they_are_unblocked_or_end([Values(0, 10)] int left, [Values] bool unblocked)
    {
        var signal = new Signal();
        ConnectAll(signal, compacted: false);
        signal.TrimExcess();
        long before = Garbage.RetainedBytes();
        foreach (ConnectionHandle handle in _handles)
        {
            handle.Block(true);
        }

        for (int i = 0; i < Size - left; i++)
        {
            if (unblocked)
            {
                _handles[i].Block(false);
            }
            else
            {
                _handles[i].Disconnect();
            }
        }

        Assert.That(Garbage.RetainedBytes() - before, Is.LessThan(Spare));
        Assert.That(_handles.Count(handle => handle.IsBlocked), Is.EqualTo(left));
    }

    private void ConnectAndDisconnectAll(Signal signal, bool compacted, bool backwards)
    {
        ConnectAll(signal, compacted);
        DisconnectAllBut(0, backwards);
    }

    private void ConnectAll(Signal signal, bool compacted)
    {
        for (int i = 0; i < Size; i++)
        {
            _handles[i] = signal.Connect(Slot);
        }

        // Positions and index numbers differ when connections reuse indices. The index that was freed last is reused first.
        for (int i = Size - 1; compacted && i > 0; i -= 2)
        {
            _handles[i].Disconnect();
        }

        for (int i = 1; compacted && i < Size; i += 2)
        {
            _handles[i] = signal.Connect(Slot);
        }
    }

    /// <summary>Ends all connections except for the specified number of last ones in the order.</summary>
    private void DisconnectAllBut(int left, bool backwards)
    {
        for (int i = 0; i < Size - left; i++)
        {
            _handles[backwards ? Size - 1 - i : i].Disconnect();
        }
    }
}
