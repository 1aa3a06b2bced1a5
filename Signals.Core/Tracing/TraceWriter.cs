using System.Diagnostics;

namespace Signals;

/// <summary>The thread of a trace: it takes the events out of the buffers of all threads, and writes them to the stream in whole packets.</summary>
internal sealed class TraceWriter
{
    /// <summary>Number of bytes from which they are written before further events are taken.</summary>
    private const int WriteSize = 256 << 10;

    /// <summary>Time for which the exit of the process waits until everything is written.</summary>
    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(5);

    private readonly SignalTrace _trace;
    private readonly Stream _stream;
    private readonly bool _ownsStream;
    private readonly TimeSpan _interval;
    private readonly ProtoWriter _output = new();
    private readonly TraceEncoder _encoder;
    private readonly Thread _thread;

    /// <summary>
    /// The lock for the fields below. Also the monitor on which the thread waits for work, and callers wait until everything is written.
    /// </summary>
    private readonly object _gate = new();

    private readonly List<TraceBuffer> _buffers = [];

    /// <summary>Number of calls that wait, or have waited, until everything is written.</summary>
    private long _flushes;

    /// <summary>Number of calls for which everything has been written.</summary>
    private long _flushed;

    private bool _isStopping;
    private bool _hasEnded;

    /// <summary>Number of dropped events of the threads that have ended.</summary>
    private long _droppedOfEnded;

    /// <summary>One from the time at which the thread is asked to write until it begins; otherwise, zero.</summary>
    private int _isAwake;

    private Exception? _failure;

    internal TraceWriter(SignalTrace trace, Stream stream, bool ownsStream, TimeSpan interval)
    {
        (_trace, _stream, _ownsStream, _interval) = (trace, stream, ownsStream, interval);
        _encoder = new TraceEncoder(_output);
        _thread = new Thread(Run) { IsBackground = true, Name = nameof(SignalTrace) };
    }

    internal Exception? Failure => Volatile.Read(ref _failure);

    internal long DroppedCount
    {
        get
        {
            using (Enter())
            {
                return _droppedOfEnded + _buffers.Sum(static buffer => buffer.Dropped);
            }
        }
    }

    internal void Start()
    {
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
        _thread.Start();
    }

    internal void Add(TraceBuffer buffer)
    {
        using (Enter())
        {
            _buffers.Add(buffer);
        }
    }

    /// <summary>Makes the thread write soon.</summary>
    internal void Wake()
    {
        if (Volatile.Read(ref _isAwake) == 0 && Interlocked.Exchange(ref _isAwake, 1) == 0)
        {
            using (Enter())
            {
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Waits until all events that have been added before are written, or the thread has ended.</summary>
    internal void Flush()
    {
        if (Thread.CurrentThread == _thread)
        {
            // The stream calls it inside of a write.
            return;
        }

        lock (_gate)
        {
            AssertInvariants();
            long flush = ++_flushes;
            Monitor.PulseAll(_gate);
            while (_flushed < flush && !_hasEnded)
            {
                Monitor.Wait(_gate);
            }
        }
    }

    /// <summary>Writes the remaining events, and ends the thread.</summary>
    internal void Stop() => Stop(Timeout.InfiniteTimeSpan);

    private void Stop(TimeSpan limit)
    {
        using (Enter())
        {
            _isStopping = true;
            Monitor.PulseAll(_gate);
        }

        if (Thread.CurrentThread != _thread)
        {
            _thread.Join(limit);
        }
    }

    /// <summary>Writes the remaining events. A stream that blocks does not keep the process from exiting.</summary>
    private void OnProcessExit(object? sender, EventArgs e)
    {
        _trace.Detach();
        Stop(ExitLimit);
    }

    private void Run()
    {
        try
        {
            _encoder.Begin();
            bool isStopping;
            do
            {
                long flushes;
                using (Enter())
                {
                    if (Volatile.Read(ref _isAwake) == 0 && !_isStopping && _flushed == _flushes)
                    {
                        Monitor.Wait(_gate, _interval);
                    }

                    // Before events are taken: what was added before the request is then written.
                    Volatile.Write(ref _isAwake, 0);
                    isStopping = _isStopping;
                    flushes = _flushes;
                }

                WriteAll();
                Announce(flushes);
            } while (!isStopping);
        }
        catch (Exception exception)
        {
            // The stream may be anything, and nothing but the trace depends on it.
            Volatile.Write(ref _failure, exception);
        }
        finally
        {
            End();
        }
    }

    private void End()
    {
        _trace.Detach();
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        try
        {
            if (_ownsStream)
            {
                _stream.Dispose();
            }
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref _failure, exception, null);
        }
        finally
        {
            using (Enter())
            {
                _hasEnded = true;
                Monitor.PulseAll(_gate);
            }
        }
    }

    private void Announce(long flushes)
    {
        using (Enter())
        {
            _flushed = flushes;
            Monitor.PulseAll(_gate);
        }
    }

    private void WriteAll()
    {
        List<TraceBuffer> buffers;
        using (Enter())
        {
            buffers = [.. _buffers];
        }

        foreach (TraceBuffer buffer in buffers)
        {
            // First: a thread that has ended adds nothing more, so its buffer is empty afterwards.
            bool hasEnded = !buffer.Thread.IsAlive;
            while (buffer.TryTake(out TraceEvent next))
            {
                _encoder.Write(buffer, next);
                if (_output.Length >= WriteSize)
                {
                    WriteOutput();
                }
            }

            WriteDropped(buffer);
            if (hasEnded)
            {
                Remove(buffer);
            }
        }

        WriteOutput();
        _stream.Flush();
    }

    /// <summary>Writes the number of dropped events if the buffer has dropped any since the last time.</summary>
    private void WriteDropped(TraceBuffer buffer)
    {
        long dropped = buffer.Dropped;
        if (dropped != buffer.DroppedWritten)
        {
            buffer.DroppedWritten = dropped;
            _encoder.WriteDropped(DroppedCount);
        }
    }

    private void WriteOutput()
    {
        _stream.Write(_output.Written);
        _output.Clear();
    }

    private void Remove(TraceBuffer buffer)
    {
        using (Enter())
        {
            _buffers.Remove(buffer);
            _droppedOfEnded += buffer.Dropped;
        }
    }

    private Uninterruptible.Scope Enter()
    {
        Uninterruptible.Scope scope = Uninterruptible.Enter(_gate);
        AssertInvariants();
        return scope;
    }

    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(Monitor.IsEntered(_gate));
        Debug.Assert(_flushed <= _flushes, "Only requests that have been made are completed.");
        Debug.Assert(_buffers.All(buffer => buffer.Trace == _trace), "The buffers belong to the trace.");
    }
}
