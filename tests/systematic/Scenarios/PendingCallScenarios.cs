using Signals.Ipc.Client;
using Signals.Systematic.Support;
using Signals.Tests.Support;

namespace Signals.Systematic.Scenarios;

/// <summary>The table of a client's calls, while a call is added whose slot is taken, inside the sender's lock.</summary>
internal static class PendingCallScenarios
{
    /// <summary>The request id whose slot is that of the first call, as long as the table has not grown.</summary>
    private const ulong SameSlot = 17;

    [Scenario(500, InterleavesPlainAccess = true)]
    internal static void C9_call_that_moves_to_make_room_is_found_until_it_is_removed_once() => RemoveBesideAdding(others: 0);

    [Scenario(500, InterleavesPlainAccess = true)]
    internal static void C9_call_that_moves_because_the_table_grows_is_found_until_it_is_removed_once() => RemoveBesideAdding(others: 9);

    private static void RemoveBesideAdding(int others)
    {
        var calls = new PendingCalls();
        var old = new PendingCallStub();
        calls.TryAdd(old, 1);
        for (int i = 0; i < others; i++)
        {
            calls.TryAdd(new PendingCallStub(), (ulong)i + 2);
        }

        var added = new PendingCallStub();
        int removals = 0;
        Threads.Run(
            () => Check.That(calls.TryAdd(added, SameSlot)),
            () =>
            {
                Check.That(calls.TryFind(1, out IPendingCall? found) && found == old);
                removals += calls.TryRemove(old) ? 1 : 0;
                Check.That(!calls.TryFind(1, out _) && !calls.TryRemove(old));
            }
        );
        Check.That(removals == 1);
        Check.That(calls.TryFind(SameSlot, out IPendingCall? present) && present == added);
        Check.That(calls.Count == others + 1 && calls.ToList().Count == others + 1);
        Check.That(calls.TryRemove(added) && !calls.TryFind(SameSlot, out _));
    }
}
