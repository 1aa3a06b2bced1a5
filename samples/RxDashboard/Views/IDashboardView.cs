namespace RxDashboard;

/// <summary>Shows a dashboard to a person or to a file.</summary>
internal interface IDashboardView
{
    /// <summary>Shows what the pipeline brings while <paramref name="session"/> runs.</summary>
    void ShowDuring(Action session);

    /// <summary>Takes from the pipeline what this view shows.</summary>
    /// <returns>Disposing it ends that.</returns>
    IDisposable Subscribe(DashboardPipeline pipeline);

    /// <summary>Shows what the run came to, after everything else.</summary>
    void Close(Totals totals);
}
