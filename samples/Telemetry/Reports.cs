namespace Telemetry;

/// <summary>The function that the workers run.</summary>
internal static class Reports
{
    /// <summary>Renders a report.</summary>
    /// <returns>The number of its pages.</returns>
    public static int Render(string title)
    {
        if (title == "drafts")
            throw new FormatException("The template has no title.");
        Thread.Sleep(Random.Shared.Next(20, 100));    // stands for the work
        return title.Length;
    }
}
