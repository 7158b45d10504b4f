namespace Actors.EndToEnd.Tests.Support;

/// <summary>Captures the standard error of this process. Test classes that use it join <see cref="RunsAlone"/>.</summary>
internal static class StandardError
{
    /// <summary>Returns the text that was written while the action ran.</summary>
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
