namespace Signals.Ipc.Threading;

/// <summary>
/// A section of user code on the thread that reads from a connection. If it blocks, another thread reads on. The default value does nothing: the
/// thread is not a reading one.
/// </summary>
internal readonly ref struct UserCodeSection(ReadingRole role, long number)
{
    private readonly ReadingRole? _role = role;

    /// <summary>Ends the section.</summary>
    public void Dispose() => _role?.ExitUserCode(number);
}
