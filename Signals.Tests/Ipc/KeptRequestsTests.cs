using System.Runtime.CompilerServices;
using NUnit.Framework;
using Signals.Ipc.Client;

namespace Signals.Tests.Ipc;

[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class KeptRequestsTests
{
    private readonly KeptRequests _kept = new();

    [Test]
    public void C11_small_requests_that_wait_share_an_array()
    {
        (byte[] first, int firstOffset) = _kept.Add([1, 2, 3]);
        (byte[] second, int secondOffset) = _kept.Add([4, 5]);
        Assert.That(second, Is.SameAs(first));
        Assert.That(first[firstOffset..(firstOffset + 3)], Is.EqualTo((byte[])[1, 2, 3]));
        Assert.That(second[secondOffset..(secondOffset + 2)], Is.EqualTo((byte[])[4, 5]));
    }

    [Test]
    public void C11_requests_keep_their_bytes_when_arrays_are_full()
    {
        var all = Enumerable.Range(0, 1000).Select(number => (Number: number, Kept: _kept.Add(Bytes(number)))).ToList();
        foreach ((int number, (byte[] array, int offset)) in all)
        {
            Assert.That(array.AsSpan(offset, number).SequenceEqual(Bytes(number)), Is.True);
        }
    }

    [Test]
    public void C11_large_request_has_an_array_of_its_own()
    {
        (byte[] array, int offset) = _kept.Add(new byte[100_000]);
        Assert.That((array.Length, offset), Is.EqualTo((100_000, 0)));
    }

    [Test]
    public void F5_no_array_is_kept_when_no_request_waits()
    {
        (WeakReference First, WeakReference Second) arrays = FillTwice();
        Garbage.Collect();
        Assert.That((arrays.First.IsAlive, arrays.Second.IsAlive), Is.EqualTo((false, false)));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private (WeakReference First, WeakReference Second) FillTwice()
    {
        (byte[] first, _) = _kept.Add(Bytes(8));
        (byte[] second, _) = _kept.Add(Bytes(8));
        _kept.Release();
        _kept.Release();
        return (new WeakReference(first), new WeakReference(second));
    }

    private static byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(number => (byte)number)];
}
