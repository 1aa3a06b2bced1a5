using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Signals.Ipc.Transport.Sockets;

/// <summary>
/// Detects that the peer of a socket that is not being read has closed its side, or that the connection has broken. A read would detect it too, but
/// would also consume earlier data; the runtime's sockets offer no way without reading. One thread waits for all sockets of the process.
/// </summary>
internal sealed class HangupWatch
{
    private const int CloseOnExec = 0x80000;
    private const int Add = 1;
    private const int Delete = 2;
    private const uint Broken = 0x8;
    private const uint PeerClosed = 0x2000;
    private const uint Once = 1u << 30;
    private const int EventsAtOnce = 64;

    /// <summary>The offset of a watched socket's id in an event, which the system packs on some processors.</summary>
    private static readonly int IdOffset = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86 ? sizeof(uint) : sizeof(ulong);

    private static readonly int EventSize = IdOffset + sizeof(ulong);

    private static readonly Lock Starting = new();

    /// <summary>The watch of the process, created when it is first needed.</summary>
    private static HangupWatch? shared;

    /// <summary>The epoll descriptor that the thread waits on.</summary>
    private readonly int _epoll;

    private readonly ConcurrentDictionary<long, Watched> _watched = new();
    private long _lastId;

    private HangupWatch(int epoll) => _epoll = epoll;

    /// <summary>Gets a value that indicates whether the system supports it.</summary>
    internal static bool IsSupported => OperatingSystem.IsLinux();

    /// <summary>Starts to watch a socket.</summary>
    /// <param name="socket">The socket, which the caller must not read while it is watched.</param>
    /// <param name="onHangup">
    /// Called once, on the thread pool; immediately if the peer has disconnected before. The argument indicates whether the connection broke.
    /// </param>
    /// <returns>
    /// An object that ends the watching, after which a queued call may still follow; null if watching is not supported or not possible.
    /// </returns>
    /// <exception cref="ObjectDisposedException">The socket has been disposed.</exception>
    internal static IDisposable? Watch(Socket socket, Action<bool> onHangup) => IsSupported ? Shared()?.Begin(socket, onHangup) : null;

    /// <summary>Returns the watch of the process, or null if the process has no descriptor left for it.</summary>
    private static HangupWatch? Shared()
    {
        lock (Starting)
        {
            AssertInvariants();
            if (shared is null)
            {
                int epoll = CreateEpoll(CloseOnExec);
                if (epoll < 0)
                {
                    return null;
                }

                shared = new HangupWatch(epoll);
                new Thread(shared.Run) { IsBackground = true, Name = $"{nameof(Signals)}.{nameof(Ipc)} {nameof(HangupWatch)}" }.UnsafeStart();
            }

            return shared;
        }
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private static void AssertInvariants()
    {
        Debug.Assert(Starting.IsHeldByCurrentThread);
        Debug.Assert(shared is null || shared._epoll >= 0, "The watch of the process has a descriptor.");
    }

    private Watched Begin(Socket socket, Action<bool> onHangup)
    {
        long id = Interlocked.Increment(ref _lastId);
        var watched = new Watched(this, socket.SafeHandle, id, onHangup);
        _watched.TryAdd(id, watched);
        try
        {
            watched.Control(Add);
        }
        catch
        {
            _watched.TryRemove(id, out _);
            throw;
        }

        return watched;
    }

    private void Run()
    {
        byte[] events = new byte[EventsAtOnce * EventSize];
        while (true)
        {
            // Fails only if a signal interrupts it.
            int count = WaitEpoll(_epoll, ref events[0], EventsAtOnce, timeout: -1);
            for (int i = 0; i < count; i++)
            {
                uint kind = BitConverter.ToUInt32(events, i * EventSize);
                long id = BitConverter.ToInt64(events, i * EventSize + IdOffset);
                if (_watched.TryRemove(id, out Watched? watched))
                {
                    watched.Report((kind & Broken) != 0);
                }
            }
        }
    }

    [DllImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static extern int CreateEpoll(int flags);

    [DllImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static extern int ControlEpoll(int epoll, int operation, int descriptor, ref byte @event);

    [DllImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static extern int WaitEpoll(int epoll, ref byte events, int maxEvents, int timeout);

    /// <summary>A watched socket.</summary>
    private sealed class Watched(HangupWatch watch, SafeSocketHandle handle, long id, Action<bool> onHangup) : IDisposable
    {
        public void Dispose()
        {
            watch._watched.TryRemove(id, out _);
            try
            {
                Control(Delete);
            }
            catch (ObjectDisposedException)
            {
                // Closing the socket has already ended the watching.
            }
        }

        internal void Report(bool isBroken) =>
            ThreadPool.UnsafeQueueUserWorkItem(static call => call.OnHangup(call.IsBroken), (OnHangup: onHangup, IsBroken: isBroken), preferLocal: false);

        /// <summary>Adds the socket to the watched ones, or removes it.</summary>
        /// <exception cref="ObjectDisposedException">The socket has been disposed.</exception>
        internal void Control(int operation)
        {
            Span<byte> @event = stackalloc byte[EventSize];
            BitConverter.TryWriteBytes(@event, PeerClosed | Once);
            BitConverter.TryWriteBytes(@event[IdOffset..], id);
            bool isHeld = false;
            try
            {
                // The descriptor must not be reused for another file during the call.
                handle.DangerousAddRef(ref isHeld);
                if (ControlEpoll(watch._epoll, operation, (int)handle.DangerousGetHandle(), ref @event[0]) != 0 && operation == Add)
                {
                    throw new SocketException(Marshal.GetLastPInvokeError(), new Win32Exception(Marshal.GetLastPInvokeError()).Message);
                }
            }
            finally
            {
                if (isHeld)
                {
                    handle.DangerousRelease();
                }
            }
        }
    }
}
