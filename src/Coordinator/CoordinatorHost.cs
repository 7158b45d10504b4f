using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Bundles;
using Akka.Actor;

namespace Actors.Coordinator;

/// <summary>The coordinator as a process of its own: listens until it is told to stop.</summary>
internal static class CoordinatorHost
{
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(HostPort at, FileInfo? config, AccessKey? key, DurableStore? store)
    {
        ActorSystem system;
        try
        {
            // Before anything listens: a store that cannot be used is said once, and nothing else happens.
            store?.Prepare();
            system = ActorSystemStarter.Start(RoleConfiguration.Coordinator(at, config));
        }
        catch (Exception exception) when (exception is InvalidOperationException or DurableStoreException)
        {
            await Console.Error.WriteLineAsync(exception.Message).ConfigureAwait(false);
            return 1;
        }

        var bundles = new BundleStore(BundleStore.DefaultDirectory);
        CoordinatorDoor.Open(system, bundles, key, store);
        using var stop = new StopSignals();
        Console.WriteLine(store is null ? $"coordinator listens on {at}" : $"coordinator listens on {at} and writes to {store}");
        await Task.WhenAny(stop.Requested, system.WhenTerminated).ConfigureAwait(false);
        await system.Terminate().ConfigureAwait(false);
        return stop.Requested.IsCompleted ? 0 : 1;
    }
}
