using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Actors.Hosting;

/// <summary>
/// Refuses the configuration of a pool that the program does not add. Its name is probably misspelled, and the pool would run with the
/// default options. Checked once, with the options of the first pool.
/// </summary>
/// <param name="pools">The pools of the program.</param>
/// <param name="services">The services of the host.</param>
internal sealed class PoolNameValidation(AddedPools pools, IServiceProvider services) : IValidateOptions<HostedPoolOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? optionsName, HostedPoolOptions options)
    {
        if (optionsName != pools.Names[0] || services.GetService<IConfiguration>() is not { } configuration)
            return ValidateOptionsResult.Skip;
        var failures = configuration.GetSection(PoolConfiguration.Section).GetChildren().Where(section => !pools.HasName(section.Key))
            .Select(DescribeUnknown).ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private string DescribeUnknown(IConfigurationSection section) =>
        $"{section.Path}: this program adds no pool '{section.Key}'. Its pools are '{string.Join("', '", pools.Names)}'. Correct the name, "
        + "or remove the section.";
}
