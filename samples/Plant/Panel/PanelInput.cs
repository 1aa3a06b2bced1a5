namespace Plant.Panel;

/// <summary>Passes keys, or lines if the input is not a terminal, to a panel. The end of the input ends the panel.</summary>
internal static class PanelInput
{
    /// <summary>Starts a thread that reads. It does not keep the process alive.</summary>
    internal static void Start(PanelSession panel)
    {
        var thread = new Thread(() => Read(panel)) { IsBackground = true, Name = "panel input" };
        thread.Start();
    }

    private static void Read(PanelSession panel)
    {
        try
        {
            while (ReadCommand() is { } command)
            {
                panel.Post(command);
            }

            panel.Post(PanelSession.End);
        }
        catch (ObjectDisposedException)
        {
            // The panel has ended.
        }
    }

    private static string? ReadCommand()
    {
        if (Console.IsInputRedirected)
        {
            return Console.ReadLine();
        }

        ConsoleKeyInfo key = Console.ReadKey(intercept: true);
        return key.Key switch
        {
            ConsoleKey.RightArrow => "n",
            ConsoleKey.LeftArrow => "p",
            ConsoleKey.Escape => PanelSession.End,
            _ => $"{key.KeyChar}",
        };
    }
}
