using Actors.Messages;
using Actors.Messages.Objects;
using Akka.Actor;

namespace Actors.Coordinator.Objects;

/// <content>Lists queues and locks for operators.</content>
internal sealed partial class ObjectsActor
{
    private const int MaxListed = 1000;

    private static readonly TimeSpan DescriptionTimeout = TimeSpan.FromSeconds(2);
    private static readonly ObjectKind[] Locks = [ObjectKind.Lock, ObjectKind.ReentrantLock];
    private static readonly ObjectKind[] Queues = [ObjectKind.Queue, ObjectKind.LifoQueue, ObjectKind.PriorityQueue];

    private readonly Dictionary<ObjectId, ObjectKind> _kinds = [];

    private void ListObjects(ObjectProtocol.ListObjects list)
    {
        var kinds = list.AreLocks ? Locks : Queues;
        var ids = _kinds.Where(known => kinds.Contains(known.Value)).Select(known => known.Key).ToList();
        var names = _names.SelectMany(name => name.Value.Objects, (name, id) => (name.Key, id)).ToLookup(name => name.id, name => name.Key);
        var descriptions = ids.Take(MaxListed)
            .Select(id => DescribeAsync(id, _kinds[id], WireLimits.CutName(names[id].FirstOrDefault() ?? ""), _objects[id])).ToList();
        CollectAsync(descriptions, ids.Count).PipeTo(Sender, Self);
    }

    private static async Task<ObjectProtocol.ListObjectsReply> CollectAsync(IEnumerable<Task<ObjectInfo?>> descriptions, int total)
    {
        var found = await Task.WhenAll(descriptions).ConfigureAwait(false);
        return new ObjectProtocol.ListObjectsReply([.. found.OfType<ObjectInfo>()], total);
    }

    /// <returns>Null if the object has just ended.</returns>
    private static async Task<ObjectInfo?> DescribeAsync(ObjectId id, ObjectKind kind, string name, IActorRef actor)
    {
        try
        {
            var (figures, holder) = await actor.Ask<ObjectDescription>(DescribeObject.Instance, DescriptionTimeout).ConfigureAwait(false);
            return new ObjectInfo(id, kind, name, figures.Count, figures.Capacity, figures.Waiting, figures.WaitingPuts, holder);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }
}
