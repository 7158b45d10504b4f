namespace Actors.Messages.Executors;

/// <summary>
/// The files in which a node and its executor hand each other what is large, in a directory of that executor alone. Both know the names from the job's number: none is
/// taken from what the other says.
/// </summary>
internal static class PayloadPaths
{
    /// <summary>Written by the node, removed by the executor when it has read them.</summary>
    public static string GetArgumentsPath(string directory, long job) =>
        Path.Combine(directory, FormattableString.Invariant($"{job}.arguments"));

    /// <summary>Written by the executor, removed by the node when it has sent it.</summary>
    public static string GetResultPath(string directory, long job) => Path.Combine(directory, FormattableString.Invariant($"{job}.result"));
}
