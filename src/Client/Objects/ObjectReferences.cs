using System.Runtime.CompilerServices;
using Actors.Messages;
using Actors.Messages.Objects;

namespace Actors.Objects;

/// <summary>
/// Which managed objects this process has proxies of: the coordinator is told of the first of an object and of the end of the last, so that it can
/// remove what nobody has a proxy of. Thread-safe.
/// </summary>
internal sealed class ObjectReferences
{
    private static readonly ConditionalWeakTable<IObjectChannel, ObjectReferences> OfChannels = [];

    private readonly Dictionary<ObjectId, int> _counts = [];

    /// <summary>A proxy was made.</summary>
    public static void Add(IObjectChannel channel, ObjectId id)
    {
        var references = OfChannels.GetOrCreateValue(channel);
        lock (references._counts)
        {
            var count = references._counts[id] = references._counts.GetValueOrDefault(id) + 1;
            if (count == 1)
                channel.Tell(id, ObjectOperation.Hold, 0, []);
        }
    }

    /// <summary>Says again which objects this process has proxies of, to a coordinator that does not know.</summary>
    public static void HoldAgain(IObjectChannel channel)
    {
        if (!OfChannels.TryGetValue(channel, out var references))
            return;
        lock (references._counts)
        {
            foreach (var id in references._counts.Keys)
                channel.Tell(id, ObjectOperation.Hold, 0, []);
        }
    }

    /// <summary>A proxy is garbage. Not done by the thread that finalises: telling may wait.</summary>
    public static void ReleaseLater(IObjectChannel channel, ObjectId id) =>
        ThreadPool.UnsafeQueueUserWorkItem(static released => Release(released.channel, released.id), (channel, id), preferLocal: false);

    private static void Release(IObjectChannel channel, ObjectId id)
    {
        if (!OfChannels.TryGetValue(channel, out var references))
            return;
        // Told under the lock: were a new proxy's word to overtake this one, the object would count as dropped.
        lock (references._counts)
        {
            if (--references._counts[id] > 0)
                return;
            references._counts.Remove(id);
            channel.Tell(id, ObjectOperation.Drop, 0, []);
        }
    }
}
