using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Actors.Programs.Hosting;

/// <summary>Runs a program that lives until it is stopped, in the generic host.</summary>
public static class ProgramHost
{
    /// <summary>Runs the services of a program until they end, a signal arrives, or the token is canceled.</summary>
    /// <param name="name">The name of the program in exported spans, metrics and log events.</param>
    /// <param name="configuration">The settings, whose section <c>Logging</c> configures the log.</param>
    /// <param name="addServices">Adds the services; one of them is a <see cref="ProgramService"/>.</param>
    /// <param name="cancellationToken">Stops the program, as a signal does.</param>
    /// <returns>The exit code of the process.</returns>
    public static async Task<int> RunServicesAsync(
        string name, IConfiguration configuration, Action<IServiceCollection> addServices, CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddConfiguration(configuration);
        AddConsole(builder.Logging, configuration.GetSection("Logging"));
        builder.Services.AddSingleton<IHostLifetime, SignalLifetime>();
        builder.Services.AddSingleton<ProgramExit>();
        // A worker node drains as long as its jobs run. A second signal ends the program.
        builder.Services.Configure<HostOptions>(static options => options.ShutdownTimeout = Timeout.InfiniteTimeSpan);
        if (TelemetryExport.IsRequested(configuration))
            TelemetryExport.AddTo(builder.Services, name);
        addServices(builder.Services);
        var host = builder.Build();
        var exit = host.Services.GetRequiredService<ProgramExit>();
        // Disposes the host, and with it the log after its last line.
        await host.RunAsync(cancellationToken).ConfigureAwait(false);
        return exit.Code;
    }

    /// <summary>Adds the log on the console: information on standard output, warnings and errors on standard error.</summary>
    private static void AddConsole(ILoggingBuilder logging, IConfigurationSection settings)
    {
        if (settings.Exists())
            logging.AddConfiguration(settings);
        logging.AddConsole(console =>
        {
            console.FormatterName = settings["Console:FormatterName"] ?? LineFormatter.FormatterName;
            console.LogToStandardErrorThreshold = LogLevel.Warning;
        });
        logging.AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>();
        // The host logs its own steps, which the program logs itself.
        logging.AddFilter("Microsoft", LogLevel.Warning);
    }
}
