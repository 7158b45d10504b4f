using System.Security.Cryptography;
using System.Text;
using Akka.Actor;

namespace Actors.Coordinator.Journals;

/// <summary>Where durable pools and objects write: paths in the actor system's configuration.</summary>
/// <param name="Journal">Of records.</param>
/// <param name="Snapshots">Of snapshots.</param>
internal sealed record JournalPlugins(string Journal, string Snapshots)
{
    /// <summary>Those of a store, which is looked at first.</summary>
    /// <exception cref="DurableStoreException">The store cannot be used.</exception>
    public static JournalPlugins Of(ActorSystem system, DurableStore store)
    {
        store.Prepare();
        var path = $"actors.stores.s{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(store.ToString())), 0, 8)}";
        system.Settings.InjectTopLevelFallback(store.Plugins(path));
        return new JournalPlugins($"{path}.journal", $"{path}.snapshots");
    }
}
