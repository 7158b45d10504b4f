using Microsoft.Extensions.DependencyInjection;

namespace Actors.WorkerNode;

/// <summary>Adds a worker node to the services of a host.</summary>
internal static class WorkerNodeServiceCollectionExtensions
{
    /// <summary>Adds a worker node, which runs as long as the host.</summary>
    /// <param name="services">The services.</param>
    /// <param name="options">The options of the node.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddWorkerNode(this IServiceCollection services, WorkerNodeOptions options) =>
        services.AddSingleton(options).AddSingleton<NodeMeter>().AddHostedService<WorkerNodeService>();
}
