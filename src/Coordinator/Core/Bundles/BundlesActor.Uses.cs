using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Bundles;

namespace Actors.Coordinator.Bundles;

/// <summary>
/// Removes the least recently used bundles when the store is full. A bundle is in use while the client that offered it is connected, and
/// while a pool with its jobs runs here.
/// </summary>
public sealed partial class BundlesActor
{
    /// <summary>Each bundle in use has an open file.</summary>
    private const int MaxBundlesOfClient = 256;

    private readonly Dictionary<object, Dictionary<BundleId, IDisposable>> _uses = [];

    private void FreeSpace(long needed, BundleManifest manifest)
    {
        if (needed > 0)
            Store.FreeSpace(needed, [.. _offers.Contents, .. manifest.Files.Select(file => file.Content)]);
    }

    private void UseForPool(PoolStarted started)
    {
        EndUse(started.Pool);
        if (_store is null || started.Bundle == BundleId.ThisProcess)
            return;
        TryUse(started.Pool, started.Bundle);
        Context.Watch(started.Pool);
    }

    private bool TryUse(object user, BundleId bundle)
    {
        if (_uses.TryGetValue(user, out var bundles) && bundles.ContainsKey(bundle))
            return true;
        if (Store.TryUseBundle(bundle) is not { } use)
            return false;
        if (bundles is null)
            _uses[user] = bundles = [];
        bundles[bundle] = use;
        return true;
    }

    /// <exception cref="BundleException">The client uses as many bundles as one client may.</exception>
    private void RequireBundleOfClient(BundleId bundle)
    {
        if (_uses.TryGetValue(Client, out var bundles) && bundles.Count >= MaxBundlesOfClient && !bundles.ContainsKey(bundle))
        {
            throw new BundleException(
                $"This program uses {MaxBundlesOfClient} versions of its code at this coordinator, which is the limit of one program. "
                + "Start fewer pools with different files, or restart the program.");
        }
    }

    private void EndUse(object user)
    {
        if (!_uses.Remove(user, out var bundles))
            return;
        foreach (var use in bundles.Values)
            use.Dispose();
    }

    private void EndUses()
    {
        foreach (var user in _uses.Keys.ToList())
            EndUse(user);
    }
}
