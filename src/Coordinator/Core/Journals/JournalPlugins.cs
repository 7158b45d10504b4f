using System.Security.Cryptography;
using System.Text;
using Akka.Actor;

namespace Actors.Coordinator.Journals;

/// <summary>The paths of the persistence plugins of a store in the configuration of an actor system.</summary>
/// <param name="Journal">The path of the journal plugin.</param>
/// <param name="Snapshots">The path of the snapshot plugin.</param>
internal sealed record JournalPlugins(string Journal, string Snapshots)
{
    /// <summary>Gets the paths of a store.</summary>
    public static JournalPlugins ForStore(DurableStore store) => new($"{PathOf(store)}.journal", $"{PathOf(store)}.snapshots");

    /// <summary>Adds the plugins of a prepared store to the configuration of an actor system.</summary>
    public static JournalPlugins RegisterStore(ActorSystem system, DurableStore store)
    {
        system.Settings.InjectTopLevelFallback(store.CreatePluginSettings(PathOf(store)));
        return ForStore(store);
    }

    private static string PathOf(DurableStore store) =>
        $"actors.stores.s{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(store.ToString())), 0, 8)}";
}
