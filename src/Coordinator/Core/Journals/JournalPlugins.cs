using System.Security.Cryptography;
using System.Text;
using Akka.Actor;

namespace Actors.Coordinator.Journals;

/// <summary>Where durable pools and objects write: paths in the actor system's configuration.</summary>
/// <param name="Journal">Of records.</param>
/// <param name="Snapshots">Of snapshots.</param>
internal sealed record JournalPlugins(string Journal, string Snapshots)
{
    /// <summary>Those of a store.</summary>
    public static JournalPlugins ForStore(DurableStore store) => new($"{PathOf(store)}.journal", $"{PathOf(store)}.snapshots");

    /// <summary>Those of a store that was looked at, made known to an actor system.</summary>
    public static JournalPlugins RegisterStore(ActorSystem system, DurableStore store)
    {
        system.Settings.InjectTopLevelFallback(store.CreatePluginSettings(PathOf(store)));
        return ForStore(store);
    }

    private static string PathOf(DurableStore store) =>
        $"actors.stores.s{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(store.ToString())), 0, 8)}";
}
