namespace Signals.Tests.Product.Samples;

/// <summary>Starts the samples of the repository.</summary>
internal static class SampleStarts
{
    extension(SampleProcess)
    {
        internal static SampleProcess StartGreeter(params IEnumerable<string> arguments) =>
            SampleProcess.Start(typeof(global::Greeter.GreeterReflection).Assembly.Location, arguments);

        internal static SampleProcess StartDaemon(params IEnumerable<string> arguments) =>
            SampleProcess.Start(typeof(global::Daemon.JobsReflection).Assembly.Location, arguments);

        internal static SampleProcess StartDashboard(params IEnumerable<string> arguments) =>
            SampleProcess.Start(typeof(global::RxDashboard.CommandLine).Assembly.Location, arguments);

        internal static SampleProcess StartPlant(params IEnumerable<string> arguments) =>
            SampleProcess.Start(typeof(global::Plant.CommandLine).Assembly.Location, arguments);

        internal static SampleProcess StartSheet(params IEnumerable<string> arguments) =>
            SampleProcess.Start(typeof(global::Sheet.CommandLine).Assembly.Location, arguments);
    }
}
