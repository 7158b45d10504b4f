using System.Security.Cryptography;
using System.Text;
using Actors.Remoting.Chaos;
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
        var path = PathOf(store);
        system.Settings.InjectTopLevelFallback(
            ChaosSetup.FindSetup(system) is null ? store.CreatePluginSettings(path) : store.CreateFaultyPluginSettings(path));
        return ForStore(store);
    }

    private static string PathOf(DurableStore store) =>
        $"actors.stores.s{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(store.ToString())), 0, 8)}";
}
