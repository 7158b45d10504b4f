using System.Collections.Concurrent;

namespace Actors.Messages.Payloads;

/// <summary>The shared values that this process knows, by id, so that each is decoded once for all jobs. Thread-safe.</summary>
public static class SharedContents
{
    private static readonly ConcurrentDictionary<PayloadId, SharedContent> Contents = new();

    /// <summary>
    /// Gets the directory of this worker, beside which its node stores shared values (<see cref="Executors.PayloadPaths"/>); empty in other
    /// processes, and if the node stores none.
    /// </summary>
    public static string Directory { get; set; } = "";

    /// <summary>Gets a value that this process knows, or adds it.</summary>
    /// <param name="id">The id of the value.</param>
    /// <param name="localPath">The file of a value of this machine; null if the node of this worker stores it.</param>
    /// <exception cref="InvalidOperationException">The value belongs to a cluster, and this process is not one of its workers.</exception>
    public static SharedContent GetContent(PayloadId id, string? localPath) =>
        Contents.TryGetValue(id, out var known) ? known : Contents.GetOrAdd(id, new SharedContent(id, localPath ?? GetPath(id)));

    /// <summary>Adds a value that this process shares.</summary>
    public static void AddContent(SharedContent content) => Contents[content.Id] = content;

    /// <summary>Forgets a value. Objects that refer to it keep it.</summary>
    public static void RemoveContent(PayloadId id) => Contents.TryRemove(id, out _);

    private static string GetPath(PayloadId id) => Directory.Length > 0
        ? Executors.PayloadPaths.GetSharedPath(Directory, id)
        : throw new InvalidOperationException(
            "A shared value of a cluster was received in a process that is not a worker of its pool. Pass the value itself.");
}
