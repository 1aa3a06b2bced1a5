// Stand-ins, in this copy of the libraries alone, for types that Coyote does not control. An alias wins over the namespaces that a file
// imports, so the libraries' sources stay as they are.

// Coyote controls the monitors of objects, not System.Threading.Lock.
// The extension methods among the stand-ins.
global using Signals.Systematic.Support;
// The callbacks of a token that is canceled asynchronously run on the thread pool.
global using CancellationTokenSource = Signals.Systematic.Support.ControlledCancellation;
// Coyote controls the awaiting of tasks with no options but that of continuing on the captured context.
global using ConfigureAwaitOptions = Signals.Systematic.Support.ControlledAwaitOptions;
// One processor: no thread spins for a time that depends on the machine, which would make a schedule impossible to replay.
global using Environment = Signals.Systematic.Support.SingleProcessor;
global using Lock = Signals.Systematic.Support.ControlledLock;
// Coyote controls tasks. It is slow with threads, and does not control the callbacks of the thread pool.
global using Thread = Signals.Systematic.Support.ControlledThread;
global using ThreadPool = Signals.Systematic.Support.ControlledThreadPool;
