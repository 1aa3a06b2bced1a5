using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Signals.Ipc.Transport.Memory;

/// <summary>One direction of a connection in memory: a bounded queue of bytes between one writer and one reader.</summary>
/// <param name="capacity">The number of unread bytes at which the writer waits.</param>
internal sealed class MemoryPipe(int capacity)
{
    /// <summary>Guards everything below.</summary>
    private readonly Lock _lock = new();

    /// <summary>The unread bytes, which begin at <see cref="_first"/> and continue at the start. Null while there are none.</summary>
    private byte[]? _bytes;

    private int _first;
    private int _count;

    /// <summary>The number of bytes that have been read since the beginning.</summary>
    private long _read;

    private bool _isWriterClosed;
    private bool _isReaderClosed;

    /// <summary>
    /// Completed by the next change, or null while no operation waits. Only one of the two sides can wait: the reader if the pipe is empty, the writer
    /// if it is full.
    /// </summary>
    private TaskCompletionSource? _change;

    /// <summary>Called when the writer closes, or null while the reader does not watch it.</summary>
    private Action<bool>? _onWriterClosed;

    /// <summary>Gets the number of unread bytes.</summary>
    /// <exception cref="ObjectDisposedException">The reader has closed.</exception>
    internal int Available
    {
        get
        {
            ThrowIfClosed(Volatile.Read(ref _isReaderClosed));
            return Volatile.Read(ref _count);
        }
    }

    /// <summary>Gets the number of bytes that have been read since the beginning.</summary>
    internal long ReadCount => Volatile.Read(ref _read);

    /// <summary>Gets a value that indicates whether the writer would not have to wait.</summary>
    internal bool HasRoom => Volatile.Read(ref _count) < capacity;

    /// <summary>Reads bytes, and waits for them if there are none.</summary>
    /// <returns>The number of bytes; zero if the writer has closed and all bytes have been read.</returns>
    /// <exception cref="ObjectDisposedException">The reader has closed.</exception>
    internal async ValueTask<int> ReadAsync(Memory<byte> buffer)
    {
        while (true)
        {
            Task change;
            lock (_lock)
            {
                AssertInvariants();
                ThrowIfClosed(_isReaderClosed);
                if (_count > 0)
                {
                    return Take(buffer.Span);
                }

                if (_isWriterClosed)
                {
                    return 0;
                }

                change = NextChange();
            }

            await change.ConfigureAwait(false);
        }
    }

    /// <summary>Waits until there are bytes or the writer has closed, and reads nothing.</summary>
    /// <returns>Zero.</returns>
    /// <exception cref="ObjectDisposedException">The reader has closed.</exception>
    internal async ValueTask<int> WaitAsync()
    {
        while (!CanRead(out Task? change))
        {
            await change.ConfigureAwait(false);
        }

        return 0;
    }

    /// <summary>Blocks the thread until there are bytes or the writer has closed.</summary>
    /// <returns>False if the time is over first.</returns>
    /// <exception cref="ObjectDisposedException">The reader has closed.</exception>
    internal bool Poll(TimeSpan timeout)
    {
        // A change need not be one that the reader waits for: the caller polls again.
        return CanRead(out Task? change) || (timeout != TimeSpan.Zero && change.Wait(timeout) && CanRead(out _));
    }

    /// <summary>Writes as many bytes as there is room for, and waits if there is none.</summary>
    /// <returns>The number of bytes that were written, which is at least one.</returns>
    /// <exception cref="ObjectDisposedException">The writer has closed.</exception>
    /// <exception cref="IOException">The reader has closed.</exception>
    internal async ValueTask<int> WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        while (true)
        {
            Task change;
            lock (_lock)
            {
                AssertInvariants();
                ThrowIfClosed(_isWriterClosed);
                if (_isReaderClosed)
                {
                    throw new IOException("The peer has closed the connection");
                }

                if (_count < capacity)
                {
                    return Append(bytes.Span);
                }

                change = NextChange();
            }

            await change.ConfigureAwait(false);
        }
    }

    /// <summary>Ends the writing: the reader receives what has been written, and then the end.</summary>
    internal void CloseWriter()
    {
        Action<bool>? onClosed;
        lock (_lock)
        {
            AssertInvariants();
            _isWriterClosed = true;
            onClosed = _onWriterClosed;
            _onWriterClosed = null;
            AnnounceChange();
        }

        if (onClosed is not null)
        {
            Report(onClosed);
        }
    }

    /// <summary>Ends the reading: what has been written is lost, and the writer fails.</summary>
    internal void CloseReader()
    {
        lock (_lock)
        {
            AssertInvariants();
            _isReaderClosed = true;
            _onWriterClosed = null;
            _count = 0;
            ReleaseIfEmpty();
            AnnounceChange();
        }
    }

    /// <summary>Starts to watch for the end of the writing. Only one watch exists at a time.</summary>
    /// <param name="onClosed">Called once, on the thread pool, with false. At once if the writer has closed before.</param>
    /// <returns>An object that ends the watching.</returns>
    /// <exception cref="ObjectDisposedException">The reader has closed.</exception>
    internal IDisposable WatchWriter(Action<bool> onClosed)
    {
        bool isClosed;
        lock (_lock)
        {
            AssertInvariants();
            ThrowIfClosed(_isReaderClosed);
            isClosed = _isWriterClosed;
            _onWriterClosed = isClosed ? null : onClosed;
        }

        if (isClosed)
        {
            Report(onClosed);
        }

        return new Watching(this);
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(_count >= 0 && _count <= capacity && _first < capacity);
        Debug.Assert(_bytes is not null == _count > 0, "A pipe holds memory exactly while it holds bytes.");
        Debug.Assert(!_isReaderClosed || _count == 0, "A closed reader leaves no bytes.");
        Debug.Assert((!_isReaderClosed && !_isWriterClosed) || _onWriterClosed is null, "Nothing watches a side that has closed.");
    }

    private static void ThrowIfClosed(bool isClosed) => ObjectDisposedException.ThrowIf(isClosed, typeof(MemoryTransport));

    private static void Report(Action<bool> onClosed) =>
        ThreadPool.UnsafeQueueUserWorkItem(static onClosed => onClosed(false), onClosed, preferLocal: false);

    /// <summary>Returns a value that indicates whether a read would complete, or the task that completes with the next change.</summary>
    private bool CanRead([NotNullWhen(false)] out Task? change)
    {
        lock (_lock)
        {
            AssertInvariants();
            ThrowIfClosed(_isReaderClosed);
            bool canRead = _count > 0 || _isWriterClosed;
            change = canRead ? null : NextChange();
            return canRead;
        }
    }

    /// <summary>Moves the first bytes to a buffer. Called inside the lock.</summary>
    private int Take(Span<byte> buffer)
    {
        int count = Math.Min(buffer.Length, _count);
        int untilEnd = Math.Min(count, capacity - _first);
        _bytes.AsSpan(_first, untilEnd).CopyTo(buffer);
        _bytes.AsSpan(0, count - untilEnd).CopyTo(buffer[untilEnd..]);
        _first = (_first + count) % capacity;
        _count -= count;
        Volatile.Write(ref _read, _read + count);
        ReleaseIfEmpty();
        AnnounceChange();
        return count;
    }

    /// <summary>Copies the first bytes of a buffer behind those that there are. Called inside the lock.</summary>
    private int Append(ReadOnlySpan<byte> buffer)
    {
        _bytes ??= ArrayPool<byte>.Shared.Rent(capacity);
        int count = Math.Min(buffer.Length, capacity - _count);
        int start = (_first + _count) % capacity;
        int untilEnd = Math.Min(count, capacity - start);
        buffer[..untilEnd].CopyTo(_bytes.AsSpan(start));
        buffer[untilEnd..count].CopyTo(_bytes);
        _count += count;
        AnnounceChange();
        return count;
    }

    /// <summary>Returns the memory of an empty pipe, so that an idle connection holds none. Called inside the lock.</summary>
    private void ReleaseIfEmpty()
    {
        if (_count == 0 && _bytes is { } bytes)
        {
            _bytes = null;
            _first = 0;
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>Returns a task that completes with the next change. Called inside the lock.</summary>
    private Task NextChange() => (_change ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Wakes the waiting operation, on the thread pool. Called inside the lock.</summary>
    private void AnnounceChange()
    {
        _change?.TrySetResult();
        _change = null;
    }

    private void StopWatching()
    {
        lock (_lock)
        {
            AssertInvariants();
            _onWriterClosed = null;
        }
    }

    /// <summary>A watch of the writer.</summary>
    private sealed class Watching(MemoryPipe pipe) : IDisposable
    {
        public void Dispose() => pipe.StopWatching();
    }
}
