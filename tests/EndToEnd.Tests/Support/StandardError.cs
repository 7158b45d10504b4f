namespace Actors.EndToEnd.Tests.Support;

/// <summary>What this process writes to its standard error. The tests that read it join <see cref="RunsAlone"/>.</summary>
internal static class StandardError
{
    /// <summary>The text that was written while the action ran.</summary>
    public static async Task<string> OfAsync(Func<Task> action)
    {
        var error = Console.Error;
        using var said = new StringWriter();
        Console.SetError(said);
        try
        {
            await action().Soon();
        }
        finally
        {
            Console.SetError(error);
        }

        return said.ToString();
    }
}
