using System.Buffers.Binary;
using Signals.Ipc;
using Signals.Remote;

namespace Signals.Tests.RemotePeer;

/// <summary>A client that imports a signal of blocks, each of which begins with its number, and accounts for all numbers.</summary>
internal sealed class Importer : IAsyncDisposable
{
    private const int MaxFrameSize = 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly IpcClient _client;
    private readonly RemoteSignal<byte[]> _blocks;
    private readonly List<RemoteState> _states = [];
    private readonly List<(long Count, TaskCompletionSource Reached)> _waits = [];
    private long _next;
    private long _received;
    private long _missed;
    private int _wrong;

    internal Importer(IpcEndpoint endpoint, string overflow)
    {
        _client = new IpcClient(
            endpoint,
            new IpcClientOptions
            {
                Reconnect = true,
                Retry = true,
                MaxFrameSize = MaxFrameSize,
            }
        );
        _blocks = _client.Import<byte[]>("blocks", new ImportOptions { Overflow = Enum.Parse<RemoteOverflow>(overflow) });
        _blocks.StateChanged.Connect(OnState);
        _blocks.Missed.Connect(OnMissed);
        _blocks.Connect(OnBlock);
        _client.Connect();
    }

    /// <summary>
    /// Runs the command <c>await COUNT</c>, which waits until as many blocks have been received or reported as missed, or the subscription is refused; or
    /// <c>status</c>.
    /// </summary>
    internal async Task<string> RunAsync(string command, long argument)
    {
        switch (command)
        {
            case "await":
                await WaitAsync(argument);
                return "done";
            case "status":
                lock (_lock)
                {
                    return $"{_received} {_missed} {_wrong} {string.Join(',', _states)} {_blocks.StateReason}";
                }
            default:
                throw new ArgumentException($"The command {command} does not exist.", nameof(command));
        }
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private Task WaitAsync(long count)
    {
        lock (_lock)
        {
            if (_next >= count || _states.Contains(RemoteState.Refused))
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waits.Add((count, reached));
            return reached.Task;
        }
    }

    private void OnState(RemoteState state)
    {
        lock (_lock)
        {
            _states.Add(state);
            if (state == RemoteState.Refused)
            {
                // No more arrives.
                CompleteWaits(long.MaxValue);
            }
        }
    }

    private void OnMissed(Missed gap)
    {
        lock (_lock)
        {
            // Each gap of one export has a number.
            _wrong += gap.Count is null ? 1 : 0;
            _missed += gap.Count ?? 0;
            Advance(gap.Count ?? 0);
        }
    }

    private void OnBlock(byte[] block)
    {
        lock (_lock)
        {
            _wrong += BinaryPrimitives.ReadInt64LittleEndian(block) == _next ? 0 : 1;
            _received++;
            Advance(1);
        }
    }

    private void Advance(long count)
    {
        _next += count;
        CompleteWaits(_next);
    }

    private void CompleteWaits(long reached)
    {
        foreach ((long count, TaskCompletionSource wait) in _waits)
        {
            if (count <= reached)
            {
                wait.TrySetResult();
            }
        }
    }
}
