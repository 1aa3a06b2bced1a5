namespace RxDashboard;

/// <summary>The processors' load over several measurements, from 0 to 1.</summary>
internal readonly record struct CpuLoad(double Average, double Peak)
{
    internal static CpuLoad Of(IList<CpuStep> steps) => new(steps.Average(step => step.Load), steps.Max(step => step.Load));
}
