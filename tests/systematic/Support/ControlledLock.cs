namespace Signals.Systematic.Support;

/// <summary>Lock as far as the libraries use it: an object, whose monitor the <c>lock</c> statement enters.</summary>
internal sealed class ControlledLock
{
    internal bool IsHeldByCurrentThread => Monitor.IsEntered(this);
}
