using Actors.Messages.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Actors.Executor.Services;

/// <summary>
/// Creates the loggers of the services in a worker. Their records go to the program that has submitted the running job; beside the
/// user's own providers, if the user adds logging.
/// </summary>
internal sealed class JobLoggers : ILoggerFactory, ILoggerProvider
{
    /// <summary>Adds the loggers, after the services of the user.</summary>
    public static void AddTo(IServiceCollection services)
    {
        var loggers = new JobLoggers();
        services.AddSingleton<ILoggerProvider>(loggers);
        services.TryAddSingleton<ILoggerFactory>(loggers);
        services.TryAddSingleton(typeof(ILogger<>), typeof(Logger<>));
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new JobLogger(categoryName);

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException(
        "Call services.AddLogging() in the function of PoolOptions.Services to add providers of log records.");

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
