using Actors.Coordinator.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace Actors.Coordinator;

/// <summary>Adds a coordinator to the services of a host.</summary>
internal static class CoordinatorServiceCollectionExtensions
{
    /// <summary>Adds a coordinator, which runs as long as the host.</summary>
    /// <param name="services">The services.</param>
    /// <param name="options">The options of the coordinator.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddCoordinator(this IServiceCollection services, CoordinatorOptions options) =>
        services.AddSingleton(options).AddSingleton<CoordinatorMeter>().AddHostedService<CoordinatorService>();
}
