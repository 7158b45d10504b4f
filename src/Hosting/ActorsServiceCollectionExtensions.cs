using Actors.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds pools to the services of a program.</summary>
public static class ActorsServiceCollectionExtensions
{
    /// <summary>Returns the builder with which pools are added.</summary>
    /// <param name="services">The services of the program.</param>
    /// <example><code>services.AddActors().AddPool("reports").AddPool("thumbnails", o => o.Processes = 2);</code></example>
    public static ActorsBuilder AddActors(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return new ActorsBuilder(services);
    }
}
