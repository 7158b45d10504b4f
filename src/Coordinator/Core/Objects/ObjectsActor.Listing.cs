using Actors.Coordinator.Objects.Durable;
using Actors.Messages;
using Actors.Messages.Objects;
using Akka.Actor;

namespace Actors.Coordinator.Objects;

/// <content>Lists queues and locks for operators.</content>
public sealed partial class ObjectsActor
{
    private const int MaxListed = 1000;

    private static readonly TimeSpan DescriptionTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ListInterval = TimeSpan.FromMilliseconds(200);
    private static readonly ObjectKind[] Locks = [ObjectKind.Lock, ObjectKind.ReentrantLock];
    private static readonly ObjectKind[] Queues = [ObjectKind.Queue, ObjectKind.LifoQueue, ObjectKind.PriorityQueue];

    private readonly Dictionary<ObjectId, ObjectKind> _kinds = [];
    private readonly Dictionary<bool, List<IActorRef>> _listRequests = [];
    private readonly Dictionary<bool, TimeSpan> _nextLists = [];

    /// <summary>
    /// Lists objects. A list asks up to a thousand actors, which takes milliseconds. So a request soon after a list waits for the next one,
    /// with all others. A list shows every object that was created before the request.
    /// </summary>
    private void ListObjects(ObjectProtocol.ListObjects list)
    {
        if (_listRequests.TryGetValue(list.AreLocks, out var waiting))
        {
            waiting.Add(Sender);
            return;
        }

        _listRequests[list.AreLocks] = [Sender];
        var wait = _nextLists.GetValueOrDefault(list.AreLocks) - Now;
        if (wait > TimeSpan.Zero)
            Timers.StartSingleTimer((nameof(ListDue), list.AreLocks), new ListDue(list.AreLocks), wait);
        else
            SendList(list.AreLocks);
    }

    private void SendList(bool areLocks)
    {
        _listRequests.Remove(areLocks, out var requests);
        _nextLists[areLocks] = Now + ListInterval;
        var reply = CollectObjects(areLocks ? Locks : Queues);
        foreach (var request in requests!)
            reply.PipeTo(request, Self);
    }

    private Task<ObjectProtocol.ListObjectsReply> CollectObjects(ObjectKind[] kinds)
    {
        var ids = _kinds.Where(known => kinds.Contains(known.Value)).Select(known => known.Key).ToList();
        var descriptions = ids.Take(MaxListed)
            .Select(id => DescribeAsync(id, _kinds[id], FindName(id), _objects[id].Actor)).ToList();
        var durable = kinds == Queues ? LoadedQueues.Of(Context.System).Actors : [];
        descriptions.AddRange(durable.Take(MaxListed - descriptions.Count).Select(DescribeDurableAsync));
        return CollectAsync(descriptions, ids.Count + durable.Count);
    }

    private string FindName(ObjectId id) => WireLimits.CutName(_names.GetNames(id).FirstOrDefault() ?? "");

    private static async Task<ObjectProtocol.ListObjectsReply> CollectAsync(IEnumerable<Task<ObjectInfo?>> descriptions, int total)
    {
        var found = await Task.WhenAll(descriptions).ConfigureAwait(false);
        return new ObjectProtocol.ListObjectsReply([.. found.OfType<ObjectInfo>()], total);
    }

    /// <returns>Null if the object has just ended.</returns>
    private static async Task<ObjectInfo?> DescribeAsync(ObjectId id, ObjectKind kind, string name, IActorRef actor) =>
        await AskDescriptionAsync<ObjectDescription>(actor).ConfigureAwait(false) is var (figures, holder)
            ? new ObjectInfo(id.ToListedId(), kind, name, figures.Count, figures.Capacity, figures.Waiting, figures.WaitingPuts, holder)
            : null;

    /// <returns>Null if the queue has just ended, or is still read.</returns>
    private static async Task<ObjectInfo?> DescribeDurableAsync(IActorRef actor) =>
        await AskDescriptionAsync<ObjectInfo>(actor).ConfigureAwait(false) is { Name.Length: > 0 } queue ? queue : null;

    /// <returns>Null if the object does not answer, because it has just ended.</returns>
    private static async Task<T?> AskDescriptionAsync<T>(IActorRef actor)
        where T : class
    {
        try
        {
            return await actor.Ask<T>(DescribeObject.Instance, DescriptionTimeout).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }

    private sealed record ListDue(bool AreLocks);
}
