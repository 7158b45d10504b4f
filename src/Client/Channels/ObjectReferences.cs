using System.Runtime.CompilerServices;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;

namespace Actors.Objects;

/// <summary>
/// Counts the proxies of this process for each managed object. The coordinator is informed of the first and of the end of the last, so that
/// it can remove unreferenced objects. Thread-safe.
/// </summary>
internal sealed class ObjectReferences
{
    private static readonly ConditionalWeakTable<IObjectChannel, ObjectReferences> OfChannels = [];

    private readonly Dictionary<ObjectId, int> _counts = [];

    /// <summary>Adds a proxy.</summary>
    public static void AddReference(IObjectChannel channel, ObjectId id)
    {
        var references = OfChannels.GetOrCreateValue(channel);
        lock (references._counts)
        {
            var count = references._counts[id] = references._counts.GetValueOrDefault(id) + 1;
            if (count == 1)
                channel.SendOneWay(id, new ObjectHold());
        }
    }

    /// <summary>Registers all referenced objects at a coordinator that does not know them.</summary>
    public static void RegisterAgain(IObjectChannel channel)
    {
        if (!OfChannels.TryGetValue(channel, out var references))
            return;
        lock (references._counts)
        {
            foreach (var id in references._counts.Keys)
                channel.SendOneWay(id, new ObjectHold());
        }
    }

    /// <summary>Releases a collected proxy on the thread pool, because sending may block the finalizer thread.</summary>
    public static void ReleaseLater(IObjectChannel channel, ObjectId id) =>
        ThreadPool.UnsafeQueueUserWorkItem(
            static released => RemoveReference(released.channel, released.id), (channel, id), preferLocal: false);

    private static void RemoveReference(IObjectChannel channel, ObjectId id)
    {
        if (!OfChannels.TryGetValue(channel, out var references))
            return;
        // Sent under the lock: if a registration of a new proxy overtook this message, the object would count as released.
        lock (references._counts)
        {
            if (--references._counts[id] > 0)
                return;
            references._counts.Remove(id);
            channel.SendOneWay(id, new ObjectDrop());
        }
    }
}
