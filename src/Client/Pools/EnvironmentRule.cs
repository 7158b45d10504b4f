using Actors.Messages.Executors;
using Actors.Messages.Pools;

namespace Actors.Pools;

/// <summary>Checks the environment variables and the working directory of the workers of a pool.</summary>
internal static class EnvironmentRule
{
    /// <summary>The most variables.</summary>
    public const int MaxVariables = 1000;

    /// <summary>The most characters of all names and values. Linux limits the environment of a process to some MiB.</summary>
    public const int MaxCharacters = 128 * 1024;

    /// <exception cref="ArgumentException">A variable or the directory is invalid.</exception>
    public static void RequireValid(PoolOptions options)
    {
        foreach (var (name, value) in options.Environment)
            RequireValid(name, value);
        if (options.Environment.Count > MaxVariables
            || options.Environment.Sum(variable => variable.Key.Length + (long)(variable.Value?.Length ?? 0)) > MaxCharacters)
        {
            throw new ArgumentException(
                $"{nameof(PoolOptions)}.{nameof(PoolOptions.Environment)} must have at most {MaxVariables:N0} variables with "
                + $"{MaxCharacters:N0} characters in total. Pass large data as an argument.");
        }

        if (options.WorkingDirectory is { } directory && !Path.IsPathFullyQualified(directory))
        {
            throw new ArgumentException(
                $"{nameof(PoolOptions)}.{nameof(PoolOptions.WorkingDirectory)} must be an absolute path, not '{directory}'. Use "
                + "Path.GetFullPath for a directory of this machine.");
        }
    }

    /// <summary>Returns the settings for the nodes; null when the workers inherit everything.</summary>
    public static WorkerEnvironment? ToEnvironment(PoolOptions options) =>
        options.Environment.Count == 0 && options.WorkingDirectory is null
            ? null
            : new WorkerEnvironment(
                [.. options.Environment.Select(variable => new EnvironmentVariable(variable.Key, variable.Value))],
                options.WorkingDirectory);

    private static void RequireValid(string name, string? value)
    {
        if (name.Length == 0 || name.Contains('=', StringComparison.Ordinal) || name.Contains('\0', StringComparison.Ordinal)
            || value?.Contains('\0', StringComparison.Ordinal) == true)
        {
            throw new ArgumentException(
                $"'{name}' is not a valid environment variable: a name is not empty and has no '=', and neither name nor value has a null "
                + "character.");
        }

        if (ExecutorEnvironment.IsReserved(name))
        {
            throw new ArgumentException(
                $"The environment variable '{name}' belongs to the worker and cannot be set.");
        }
    }
}
