using System.Threading.Channels;

namespace Signals.Tests.Core.Asynchronous;

/// <summary>Plain model of one asynchronous connection, with or without an evaluator that is pumped by hand.</summary>
internal sealed class AsyncModel(AsyncSlotOptions options, bool isDeferred)
{
    private readonly List<Entry> _active = [];
    private readonly List<int> _queued = [];
    private readonly List<int> _started = [];
    private List<Entry> _pending = [];
    private bool _hasEnded;

    internal string Started => string.Join(' ', _started);

    internal bool IsIdle => _active.Count == 0;

    internal IEnumerable<int> Running => _active.Where(entry => entry.HasStarted).Select(entry => entry.Value!.Value);

    private int Limit => options.Mode == AsyncSlotMode.Parallel ? options.MaxConcurrency : 1;

    internal void Emit(int value)
    {
        if (_hasEnded)
        {
            return;
        }

        if (_active.Count < Limit)
        {
            Launch(value);
            return;
        }

        switch (options.Mode)
        {
            case AsyncSlotMode.Drop:
                break;
            case AsyncSlotMode.Switch when _active[0] is { HasStarted: false, Value: not null }:
                _active[0].Value = value;
                break;
            case AsyncSlotMode.Latest:
            case AsyncSlotMode.Switch:
                _queued.Clear();
                _queued.Add(value);
                break;
            default:
                Queue(value);
                break;
        }
    }

    internal void End(int value)
    {
        _active.RemoveAll(entry => entry.Value == value);
        if (_queued.Count > 0)
        {
            int next = _queued[0];
            _queued.RemoveAt(0);
            Launch(next);
        }
    }

    internal void Cancel(int value)
    {
        _queued.Remove(value);
        if (_active.Find(entry => entry.Value == value && !entry.HasStarted) is { } unstarted)
        {
            unstarted.Value = null;
        }
    }

    internal void Disconnect()
    {
        _hasEnded = true;
        _queued.Clear();
        _pending.Clear();
        _active.RemoveAll(entry => !entry.HasStarted);
    }

    internal void Evaluate()
    {
        List<Entry> round = _pending;
        _pending = [];
        foreach (Entry entry in round)
        {
            if (entry.Value is null && _queued.Count > 0)
            {
                entry.Value = _queued[0];
                _queued.RemoveAt(0);
            }

            if (entry.Value is null)
            {
                _active.Remove(entry);
            }
            else
            {
                Start(entry);
            }
        }
    }

    private void Queue(int value)
    {
        if (_queued.Count >= options.Capacity)
        {
            switch (options.FullMode)
            {
                case BoundedChannelFullMode.DropWrite:
                    return;
                case BoundedChannelFullMode.DropNewest:
                    _queued.RemoveAt(_queued.Count - 1);
                    break;
                default:
                    _queued.RemoveAt(0);
                    break;
            }
        }

        _queued.Add(value);
    }

    private void Launch(int value)
    {
        var entry = new Entry { Value = value };
        _active.Add(entry);
        if (isDeferred)
        {
            _pending.Add(entry);
        }
        else
        {
            Start(entry);
        }
    }

    private void Start(Entry entry)
    {
        entry.HasStarted = true;
        _started.Add(entry.Value!.Value);
    }

    private sealed class Entry
    {
        internal int? Value { get; set; }

        internal bool HasStarted { get; set; }
    }
}
