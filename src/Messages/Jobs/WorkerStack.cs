namespace Actors.Messages.Jobs;

/// <summary>Shortens stack traces of workers to the user's part.</summary>
internal static class WorkerStack
{
    private const string Frame = "   at ";

    /// <summary>The worker's own methods; below them is its entry point, which is not the user's: workers do not run that.</summary>
    private static readonly string[] OwnFrames = [Frame + "Actors.Executor.", Frame + "Program.<Main>$("];

    /// <summary>Removes the frames below the user's function: how the worker called it. Where nothing else would remain, they stay.</summary>
    /// <param name="text">A stack trace, or text of which the last lines are one.</param>
    internal static string? TrimStack(string? text)
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
