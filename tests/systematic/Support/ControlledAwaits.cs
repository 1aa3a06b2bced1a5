namespace Signals.Systematic.Support;

/// <summary>Awaits tasks with options.</summary>
internal static class ControlledAwaits
{
    internal static async Task ConfigureAwait(this Task task, ControlledAwaitOptions options)
    {
        if (options == ControlledAwaitOptions.ForceYielding)
        {
            await Task.Yield();
            await task;
            return;
        }

        try
        {
            await task;
        }
        catch (Exception)
        {
            // The caller has suppressed exceptions.
            return;
        }
    }
}
