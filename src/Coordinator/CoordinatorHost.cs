using Actors.Remoting;
using Actors.Remoting.Bundles;
using Akka.Actor;

namespace Actors.Coordinator;

/// <summary>The coordinator as a process of its own: listens until it is told to stop.</summary>
internal static class CoordinatorHost
{
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(HostPort at, FileInfo? config)
    {
        ActorSystem system;
        try
        {
            system = ActorSystemStarter.Start(RoleConfiguration.Coordinator(at, config));
        }
        catch (InvalidOperationException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message).ConfigureAwait(false);
            return 1;
        }

        var bundles = new BundleStore(BundleStore.DefaultDirectory);
        system.ActorOf(Props.Create(() => new CoordinatorSupervisor(bundles)), Endpoints.CoordinatorName);
        using var stop = new StopSignals();
        Console.WriteLine($"coordinator listens on {at}");
        await Task.WhenAny(stop.Requested, system.WhenTerminated).ConfigureAwait(false);
        await system.Terminate().ConfigureAwait(false);
        return stop.Requested.IsCompleted ? 0 : 1;
    }
}
