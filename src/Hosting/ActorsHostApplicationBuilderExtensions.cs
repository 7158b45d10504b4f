using Actors.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.Hosting;

/// <summary>Adds pools to a program with the generic host.</summary>
public static class ActorsHostApplicationBuilderExtensions
{
    /// <summary>Adds a pool that the host opens at the start and closes at the shutdown.</summary>
    /// <inheritdoc cref="ActorsBuilder.AddPool" path="/exception"/>
    /// <param name="builder">The builder of the program.</param>
    /// <param name="name">The name of the pool, which is its key, its configuration section and its connection string.</param>
    /// <param name="configure">Changes the options, after the configuration is read.</param>
    /// <returns>The builder, with which more pools can be added.</returns>
    /// <example>
    /// <code>
    /// builder.AddActorsPool("reports", o => o.Processes = 4);
    /// builder.Services.AddHostedService&lt;Reports>();
    ///
    /// class Reports([FromKeyedServices("reports")] ProcessPool pool) : BackgroundService …
    /// </code>
    /// </example>
    public static ActorsBuilder AddActorsPool(
        this IHostApplicationBuilder builder, string name, Action<HostedPoolOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Services.AddActors().AddPool(name, configure);
    }
}
