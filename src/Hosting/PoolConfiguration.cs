using System.Reflection;
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
                nameof(PoolOptions.Store), nameof(PoolOptions.State), nameof(PoolOptions.LoggerFactory),
            ]),
    ];

    /// <summary>The section with a section for each pool.</summary>
    public const string Section = "Actors:Pools";

    /// <summary>Gets the configuration section of a pool.</summary>
    public static string GetSection(string name) => $"{Section}:{name}";

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
        var nulls = section.GetChildren().Where(child => IsNull(child) && !IsNullable(child.Key)).ToList();
        options.Errors.AddRange(nulls.Select(child => $"{child.Path} is null. Give it a value, or remove the key for its default."));
        if (nulls.Count == 0)
            BindSection(section, options);
    }

    /// <inheritdoc/>
    public void Configure(HostedPoolOptions options) => Configure(Options.DefaultName, options);

    private static bool IsNull(IConfigurationSection section) => section.Value is null && !section.GetChildren().Any();

    /// <summary>Whether a known key may be null, as its default is.</summary>
    private static bool IsNullable(string key) =>
        GetDefault(new HostedPoolOptions(), key) is null && GetDefault(new PoolOptions(), key) is null;

    private static object? GetDefault(object options, string key) => options.GetType()
        .GetProperty(key, BindingFlags.IgnoreCase | BindingFlags.Instance | BindingFlags.Public)?.GetValue(options);

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
