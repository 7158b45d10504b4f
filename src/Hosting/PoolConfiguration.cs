using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Actors.Hosting;

/// <summary>Reads the options of a pool from the configuration of the program, if it has one.</summary>
/// <param name="name">The name of the pool.</param>
/// <param name="services">The services of the host.</param>
internal sealed class PoolConfiguration(string name, IServiceProvider services) : IConfigureNamedOptions<HostedPoolOptions>
{
    private static readonly string[] KnownKeys =
    [
        nameof(HostedPoolOptions.Processes), nameof(HostedPoolOptions.ConnectionString),
        .. typeof(PoolOptions).GetProperties().Select(property => property.Name)
            .Except(
            [
                nameof(PoolOptions.Initializer), nameof(PoolOptions.Services), nameof(PoolOptions.Output), nameof(PoolOptions.Error),
                nameof(PoolOptions.Store),
            ]),
    ];

    /// <summary>Gets the configuration section of a pool.</summary>
    public static string GetSection(string name) => $"Actors:Pools:{name}";

    /// <inheritdoc/>
    public void Configure(string? optionsName, HostedPoolOptions options)
    {
        if (optionsName != name || services.GetService<IConfiguration>() is not { } configuration)
            return;
        options.ConnectionString = configuration.GetConnectionString(name);
        var section = configuration.GetSection(GetSection(name));
        options.Errors.AddRange(
            section.GetChildren().Where(child => !KnownKeys.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
                .Select(child => $"{child.Path}: the key is unknown. Known keys are {string.Join(", ", KnownKeys.Order())}."));
        BindSection(section, options);
    }

    /// <inheritdoc/>
    public void Configure(HostedPoolOptions options) => Configure(Options.DefaultName, options);

    private static void BindSection(IConfigurationSection section, HostedPoolOptions options)
    {
        try
        {
            section.Bind(options);
            section.Bind(options.Pool);
        }
        catch (InvalidOperationException exception)
        {
            options.Errors.Add($"{exception.Message} {exception.InnerException?.Message} Correct the value of the key.");
        }
    }
}
