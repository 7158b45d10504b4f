using System.Security.Cryptography;
using System.Text;
using Actors.Remoting.Chaos;
using Actors.Remoting.Durability;
using Akka.Actor;

namespace Actors.Coordinator.Journals;

/// <summary>The paths of the persistence plugins of a store in the configuration of an actor system.</summary>
/// <param name="Journal">The path of the journal plugin.</param>
/// <param name="Snapshots">The path of the snapshot plugin.</param>
/// <param name="Store">The store; null for plugins that are not those of a store.</param>
public sealed record JournalPlugins(string Journal, string Snapshots, DurableStore? Store = null)
{
    /// <summary>Gets the paths of a store.</summary>
    public static JournalPlugins ForStore(DurableStore store) =>
        new($"{PathOf(store)}.journal", $"{PathOf(store)}.snapshots", store);

    /// <summary>Adds the plugins of a prepared store to the configuration of an actor system.</summary>
    /// <exception cref="DurableStoreException">The settings of the store cannot be used.</exception>
    public static JournalPlugins RegisterStore(ActorSystem system, DurableStore store)
    {
        var permitsFaults = ChaosSetup.FindSetup(system) is not null;
        system.Settings.InjectTopLevelFallback(StorePlugins.CreateSettings(store, PathOf(store), permitsFaults));
        return ForStore(store);
    }

    /// <summary>Whether a write failed because another program has written a record of the same number.</summary>
    public bool IsDuplicateRecord(Exception reason) => Store is not null && StorePlugins.IsDuplicateRecord(Store, reason);

    private static string PathOf(DurableStore store) =>
        $"actors.stores.s{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(store.ToString())), 0, 8)}";
}
