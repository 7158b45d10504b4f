using Actors.Messages.Payloads;

namespace Actors.Messages.Executors;

/// <summary>
/// The paths of files for large arguments, results and shared values between a node and a worker. Those of a job are in a directory of that
/// worker. Both sides derive the names from the number of the job or the id of the shared value; no name comes from the peer.
/// </summary>
public static class PayloadPaths
{
    /// <summary>Gets the path of a job's arguments. The node writes the file; the worker removes it after reading.</summary>
    public static string GetArgumentsPath(string directory, long job) =>
        Path.Combine(directory, FormattableString.Invariant($"{job}.arguments"));

    /// <summary>Gets the path of a job's result. The worker writes the file; the node removes it after sending.</summary>
    public static string GetResultPath(string directory, long job) => Path.Combine(directory, FormattableString.Invariant($"{job}.result"));

    /// <summary>
    /// Gets the path of a shared value, which all workers of the pool on the node read. The node writes and removes the file.
    /// </summary>
    /// <param name="directory">The directory of any worker of the node.</param>
    /// <param name="payload">The id of the shared value.</param>
    public static string GetSharedPath(string directory, PayloadId payload) =>
        Path.Combine(Path.GetDirectoryName(directory)!, $"{payload}.shared");
}
