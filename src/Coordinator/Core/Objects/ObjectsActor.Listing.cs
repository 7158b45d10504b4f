using Actors.Coordinator.Clients;
using Actors.Coordinator.Objects.Durable;
using Actors.Messages;
using Actors.Messages.Objects;
using Akka.Actor;

namespace Actors.Coordinator.Objects;

/// <content>Lists queues and locks for operators.</content>
public sealed partial class ObjectsActor
{
    private const int MaxListed = 1000;

    /// <summary>The bytes of an object in a list, with a name that was cut.</summary>
    private const int ListedSize = 4 << 10;

    private static readonly TimeSpan DescriptionTimeout = TimeSpan.FromSeconds(2);
    private static readonly ObjectKind[] Locks = [ObjectKind.Lock, ObjectKind.ReentrantLock];
    private static readonly ObjectKind[] Queues = [ObjectKind.Queue, ObjectKind.LifoQueue, ObjectKind.PriorityQueue];

    private readonly Dictionary<ObjectId, ObjectKind> _kinds = [];
    private readonly ListRequests<bool> _listRequests = new();

    /// <summary>Lists objects. A list asks up to a thousand actors.</summary>
    private void ListObjects(ObjectProtocol.ListObjects list)
    {
        if (_listRequests.Add(list.AreLocks, Sender, Now) is not { } wait)
            return;
        if (wait > TimeSpan.Zero)
            Timers.StartSingleTimer((nameof(ListDue), list.AreLocks), new ListDue(list.AreLocks), wait);
        else
            SendList(list.AreLocks);
    }

    private void SendList(bool areLocks)
    {
        var requests = _listRequests.Take(areLocks, Now);
        CollectObjects(areLocks ? Locks : Queues).PipeTo(Self, success: list => new ListCollected(requests, list));
    }

    /// <summary>Sends a list. A program that does not read its lists gets no further ones.</summary>
    private void SendCollected(ListCollected collected)
    {
        var bytes = collected.List.Objects.Length * (long)ListedSize;
        foreach (var request in collected.Requests)
            AnswerReceipts.TrySend(Context.System, request, collected.List, bytes, Self);
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

    private sealed record ListCollected(IReadOnlyList<IActorRef> Requests, ObjectProtocol.ListObjectsReply List);
}
