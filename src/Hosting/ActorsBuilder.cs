using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Actors.Hosting;

/// <summary>Adds pools to the services of a program.</summary>
public sealed class ActorsBuilder
{
    internal ActorsBuilder(IServiceCollection services) => Services = services;

    /// <summary>Gets the services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>
    /// Adds a pool: a keyed singleton <see cref="ProcessPool"/>, a hosted service that opens it at the start and closes it at the shutdown,
    /// and the health check <c>actors-NAME</c>. The first pool is also the <see cref="ProcessPool"/> without a key.
    /// </summary>
    /// <param name="name">The name of the pool, which is its key, its configuration section and its connection string.</param>
    /// <param name="configure">Changes the options, after the configuration is read.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    /// <exception cref="InvalidOperationException">A pool of this name, in any case, was added before.</exception>
    public ActorsBuilder AddPool(string name, Action<HostedPoolOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var pools = new AddedPools(Services);
        if (pools.HasName(name))
            throw new InvalidOperationException($"The pool '{name}' was added before. Add it once, or use another name.");
        var opened = ServiceDescriptor.KeyedSingleton(
            name, (services, _) => services.GetRequiredKeyedService<HostedPool>(name).OpenPool());
        Services.TryAddSingleton(pools);
        Services.TryAddSingleton<UnusedConnections>();
        Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<HostedPoolOptions>, PoolNameValidation>());
        Services.AddSingleton<IValidateOptions<HostedPoolOptions>>(new PoolValidation(name, () => !pools.IsReplaced(name, opened)));
        AddOptions(name, configure);
        Services.TryAddSingleton<ClientLogForwarder>();
        Services.AddKeyedSingleton(name, (services, _) =>
        {
            services.GetRequiredService<ClientLogForwarder>();
            return new HostedPool(
                name, services, services.GetRequiredService<IOptionsMonitor<HostedPoolOptions>>(),
                services.GetRequiredService<ILogger<HostedPool>>());
        });
        Services.TryAdd(opened);
        Services.TryAddSingleton(services => services.GetRequiredKeyedService<ProcessPool>(name));
        Services.AddSingleton<IHostedService>(services => services.GetRequiredKeyedService<HostedPool>(name));
        Services.AddHealthChecks().Add(new HealthCheckRegistration(
            $"actors-{name}", services => new PoolHealthCheck(services.GetRequiredKeyedService<HostedPool>(name)), failureStatus: null,
            tags: ["actors", "ready"]));
        return this;
    }

    private void AddOptions(string name, Action<HostedPoolOptions>? configure)
    {
        Services.AddSingleton<IConfigureOptions<HostedPoolOptions>>(services => new PoolConfiguration(name, services));
        var options = Services.AddOptions<HostedPoolOptions>(name);
        if (configure is not null)
            options.Configure(configure);
        options.ValidateOnStart();
    }
}
