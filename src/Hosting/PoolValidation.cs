using Actors.Runtime;
using Microsoft.Extensions.Options;

namespace Actors.Hosting;

/// <summary>Checks the options of a pool before the host starts. Each failure names the key and the remedy.</summary>
/// <param name="name">The name of the pool.</param>
/// <param name="isOpened">
/// Whether the host opens the pool. The files of another one, such as one for tests, need not exist on this machine.
/// </param>
internal sealed class PoolValidation(string name, Func<bool> isOpened) : IValidateOptions<HostedPoolOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? optionsName, HostedPoolOptions options)
    {
        if (optionsName != name)
            return ValidateOptionsResult.Skip;
        var failures = options.Errors
            .Concat([CheckProcesses(options), CheckConnection(options), CheckPool(options), CheckPlace(options)]).OfType<string>()
            .Select(failure => $"Pool '{name}': {failure}").ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private string? CheckProcesses(HostedPoolOptions options) =>
        options.Processes < 0 || options.Processes > ProcessPool.GetMaxProcesses(options.ConnectionString)
            ? $"{GetKey(nameof(options.Processes))} is {options.Processes}. Use 0 for the default, or a positive number, without a cluster "
                + $"at most {ProcessPool.MaxLocalProcesses}."
            : null;

    private string? CheckConnection(HostedPoolOptions options)
    {
        if (options.ConnectionString is null)
            return null;
        try
        {
            var target = ConnectionTarget.Parse(options.ConnectionString);
            if (isOpened())
                target.RequireUsableFiles();
            return null;
        }
        catch (Exception exception) when (exception is FormatException or InvalidOperationException)
        {
            return $"ConnectionStrings:{name} or {GetKey(nameof(HostedPoolOptions.ConnectionString))}: {exception.Message}";
        }
    }

    private string? CheckPool(HostedPoolOptions options)
    {
        try
        {
            options.Pool.Validate();
            return null;
        }
        catch (ArgumentException exception)
        {
            return exception.ParamName is { } property ? $"{GetKey(property)}: {exception.Message}" : exception.Message;
        }
    }

    /// <summary>Checks options that apply only on this machine, or only on a cluster.</summary>
    private string? CheckPlace(HostedPoolOptions options)
    {
        if (options.Pool.Store is not null && (options.ConnectionString is not null || options.Pool.DurableName is null))
        {
            return $"{nameof(PoolOptions)}.{nameof(PoolOptions.Store)} is only for a durable pool on this machine. Remove it for a "
                + $"cluster, whose coordinators have a store, or remove ConnectionStrings:{name} and set "
                + $"{GetKey(nameof(PoolOptions.DurableName))}.";
        }

        if (options.ConnectionString is not null)
            return null;
        if (options.Pool.RequiredLabels.Count + options.Pool.ResourcesPerWorker.Count > 0)
        {
            return $"{GetKey(nameof(PoolOptions.RequiredLabels))} and {GetKey(nameof(PoolOptions.ResourcesPerWorker))} apply only to a "
                + $"cluster. Set ConnectionStrings:{name}, or remove them.";
        }

        return options.Pool is { DurableName: not null, Store: null }
            ? $"{GetKey(nameof(PoolOptions.DurableName))} needs a cluster or a store. Set ConnectionStrings:{name}, or set "
                + $"{nameof(PoolOptions)}.{nameof(PoolOptions.Store)} in code."
            : null;
    }

    private string GetKey(string property) => $"{PoolConfiguration.GetSection(name)}:{property}";
}
