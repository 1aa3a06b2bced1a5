using System.ComponentModel;

namespace Signals;

/// <summary>Node that changes with the events of an object with <see cref="INotifyPropertyChanged"/>.</summary>
/// <param name="names">The names of the object's properties that count, or null for all.</param>
internal sealed class NotifierNode(HashSet<string>? names) : PropertyBase
{
    private NotifierExtras? _extras;

    internal override PropertyScope Scope => PropertyScope.Default;

    internal override PropertyExtras? Extras => _extras;

    /// <summary>Gets the handler of the object's event.</summary>
    private Handler Subscriber => field ??= new Handler(this);

    /// <summary>Begins to follow an object.</summary>
    internal void Follow(INotifyPropertyChanged source)
    {
        Version = FirstVersion;
        source.PropertyChanged += Subscriber.OnPropertyChanged;
    }

    /// <summary>Lets the running computation follow the node.</summary>
    internal void Read()
    {
        PropertyGraph.Lock.Enter();
        long version = Version;
        PropertyGraph.Lock.Exit();
        PropertyContext.Current.Track(this, version);
    }

    internal override PropertyExtras EnsureExtras() => _extras ??= new NotifierExtras(Subscriber);

    internal override void QueueAfterBatch(long change, PropertyContext context) { }

    internal override string Describe() => nameof(INotifyPropertyChanged);

    private void Change()
    {
        PropertyContext context = PropertyContext.Current;
        PropertyGraph.Lock.Enter();
        try
        {
            Version = PropertyGraph.NextVersion();
            PropertyGraph.BeginEpoch();
            BatchState? batch = context.BatchOf(Scope);
            batch?.Touch(this);
            PropertyGraph.Mark(this, Version, isHeld: batch is not null, context);
        }
        finally
        {
            PropertyGraph.Lock.Exit();
        }

        context.TellScheduled();
    }

    /// <summary>Extras that keep the node alive while it is observed.</summary>
    private sealed class NotifierExtras(Handler handler) : PropertyExtras
    {
        private protected override void OnDependents(bool exist) => handler.KeepAlive(exist);
    }

    /// <summary>Handler of the event, which does not keep the node alive unless it is observed.</summary>
    private sealed class Handler(NotifierNode node)
    {
        private readonly WeakReference<NotifierNode> _weak = new(node);
        private volatile NotifierNode? _observed;

        internal void KeepAlive(bool isObserved) => _observed = isObserved && _weak.TryGetTarget(out NotifierNode? node) ? node : null;

        internal void OnPropertyChanged(object? sender, PropertyChangedEventArgs args)
        {
            NotifierNode? node = _observed;
            if (node is null && !_weak.TryGetTarget(out node))
            {
                if (sender is INotifyPropertyChanged source)
                {
                    source.PropertyChanged -= OnPropertyChanged;
                }

                return;
            }

            if (node.Counts(args.PropertyName))
            {
                node.Change();
            }
        }
    }

    private bool Counts(string? name) => string.IsNullOrEmpty(name) || names is null || names.Contains(name);
}
