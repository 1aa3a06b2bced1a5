namespace RxDashboard;

/// <summary>Shows a dashboard in a terminal or writes it to a file.</summary>
internal interface IDashboardView
{
    /// <summary>Shows the results of the pipeline while <paramref name="session"/> runs.</summary>
    void ShowDuring(Action session);

    /// <summary>Subscribes to the results that this view shows.</summary>
    /// <returns>The subscription.</returns>
    IDisposable Subscribe(DashboardPipeline pipeline);

    /// <summary>Shows the totals of the run at its end.</summary>
    void Close(Totals totals);
}
