namespace Signals;

/// <content>The steps of binding and unbinding.</content>
public sealed partial class Property<T>
{
    /// <summary>Makes the property a computed one that has not run yet. Returns null if it has been disposed.</summary>
    private Binding<T>? InstallBinding(Func<T> compute, string? expression, PropertyContext context, out long versionBefore)
    {
        PropertyGraph.Lock.Enter();
        try
        {
            PropertyExtras<T> extras = EnsureExtrasOfT();
            versionBefore = Version;
            if (extras.IsDisposed)
            {
                return null;
            }

            Binding<T> binding = extras.Binding ??= new Binding<T>();
            binding.Compute = compute;
            binding.Text = expression;
            binding.State.Clear(byte.MaxValue & ~ComputationState.Queued);
            extras.IsReadOnly = true;
            PropertyGraph.BeginEpoch();
            if (extras.IsObserved)
            {
                PropertyGraph.Observe(this);
            }

            MarkBound(context);
            return binding;
        }
        finally
        {
            PropertyGraph.Lock.Exit();
        }
    }

    /// <summary>Removes a binding whose first run failed.</summary>
    private void RemoveBinding(Binding<T> binding, Func<T> compute, PropertyContext context, long versionBefore)
    {
        PropertyGraph.Lock.Enter();
        try
        {
            if (binding.Compute != compute)
            {
                return;
            }

            binding.Compute = null;
            PropertyExtras<T> extras = ExtrasOfT!;
            PropertyGraph.Restores++;
            Version = 0;
            Volatile.WriteBarrier();
            extras.Failure = null;
            extras.IsReadOnly = extras.IsDisposed;
            Volatile.Write(ref Version, versionBefore);
            PropertyGraph.End(this);
            PropertyGraph.BeginEpoch();
            MarkBound(context);
        }
        finally
        {
            PropertyGraph.Lock.Exit();
        }
    }

    /// <summary>Ends the binding, and keeps the value. Afterwards, the caller tells what is scheduled.</summary>
    private void ReleaseBinding(PropertyContext context)
    {
        if (ExtrasOfT?.Binding is not { IsBound: true } binding)
        {
            return;
        }

        if (binding.Deferred is { } deferred)
        {
            EndBinding(deferred);
            deferred.Dispose();
            return;
        }

        Func<T>? compute = binding.Compute;
        if (compute is null)
        {
            return;
        }

        if (!context.IsRunning(this))
        {
            PropertyGraph.Refresh(this, context);
        }

        PropertyGraph.Lock.Enter();
        try
        {
            if (binding.Compute != compute)
            {
                return;
            }

            binding.Compute = null;
            PropertyGraph.End(this);
            PropertyExtras<T> extras = ExtrasOfT!;
            extras.IsReadOnly = extras.IsDisposed;
            if (extras.Failure is not null)
            {
                // The readers have seen the exception; the last value is new to them.
                Version = 0;
                Volatile.WriteBarrier();
                extras.Failure = null;
                Volatile.Write(ref Version, PropertyGraph.NextVersion());
                PropertyGraph.BeginEpoch();
                MarkBound(context);
            }
        }
        finally
        {
            PropertyGraph.Lock.Exit();
        }
    }

    /// <summary>Queues a property whose binding has changed, and marks its readers. Called while the lock is held.</summary>
    private void MarkBound(PropertyContext context)
    {
        if (context.BatchOf(Scope) is { } batch)
        {
            batch.Touch(this);
            PropertyGraph.Mark(this, change: 0, isHeld: true, context);
            return;
        }

        long change = PropertyGraph.NextVersion();
        OnMarked(change, context);
        PropertyGraph.Mark(this, change, isHeld: false, context);
    }
}
