using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Bundles;

namespace Actors.Coordinator.Bundles;

/// <summary>
/// Removes the least recently used bundles when the store is full. A bundle is in use while the client that offered it is connected, and
/// while a pool with its jobs runs here.
/// </summary>
internal sealed partial class BundlesActor
{
    private readonly Dictionary<(object User, BundleId Bundle), IDisposable> _uses = [];

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
        if (_uses.ContainsKey((user, bundle)))
            return true;
        if (Store.TryUseBundle(bundle) is not { } use)
            return false;
        _uses[(user, bundle)] = use;
        return true;
    }

    private void EndUse(object user)
    {
        foreach (var key in _uses.Keys.Where(use => use.User.Equals(user)).ToList())
        {
            if (_uses.Remove(key, out var use))
                use.Dispose();
        }
    }

    private void EndUses()
    {
        foreach (var use in _uses.Values)
            use.Dispose();
        _uses.Clear();
    }
}
