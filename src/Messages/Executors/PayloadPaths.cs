namespace Actors.Messages.Executors;

/// <summary>
/// The paths of files for large arguments and results between a node and a worker, in a directory of that worker. Both derive the names
/// from the number of the job; no name comes from the peer.
/// </summary>
internal static class PayloadPaths
{
    /// <summary>Gets the path of a job's arguments. The node writes the file; the worker removes it after reading.</summary>
    public static string GetArgumentsPath(string directory, long job) =>
        Path.Combine(directory, FormattableString.Invariant($"{job}.arguments"));

    /// <summary>Gets the path of a job's result. The worker writes the file; the node removes it after sending.</summary>
    public static string GetResultPath(string directory, long job) => Path.Combine(directory, FormattableString.Invariant($"{job}.result"));
}
