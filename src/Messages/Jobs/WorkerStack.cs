namespace Actors.Messages.Jobs;

/// <summary>Shortens stack traces of workers to the user's part.</summary>
public static class WorkerStack
{
    private const string Frame = "   at ";

    /// <summary>The methods of the worker program. The last one is its entry point; workers do not run the user's.</summary>
    private static readonly string[] OwnFrames = [Frame + "Actors.Executor.", Frame + "Program.<Main>$("];

    /// <summary>
    /// Removes the frames below the user's function, which belong to the worker. If no frame would remain, all are preserved.
    /// </summary>
    /// <param name="text">A stack trace, or a text that ends with one.</param>
    public static string? TrimStack(string? text)
    {
        if (text is null || !text.Contains(OwnFrames[0], StringComparison.Ordinal))
            return text;
        var lines = text.Split('\n');
        var end = lines.Length;
        while (end > 0 && (IsOwn(lines[end - 1]) || string.IsNullOrWhiteSpace(lines[end - 1])))
            end--;
        return end > 0 && lines[end - 1].StartsWith(Frame, StringComparison.Ordinal) ? string.Join('\n', lines[..end]).TrimEnd('\r') : text;
    }

    private static bool IsOwn(string line) => OwnFrames.Any(own => line.StartsWith(own, StringComparison.Ordinal));
}
