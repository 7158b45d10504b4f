using Actors.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Actors.Hosting.Tests;

/// <summary>The log records of jobs of a pool that the host opens.</summary>
public sealed class JobLogTests
{
    [Fact]
    public async Task Logger_OfAJob_WritesToTheLogOfTheHost()
    {
        var logs = new RecordedLogs();
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddSingleton<ILoggerFactory>(logs);
        builder.AddActorsPool("reports", o => o.Processes = 1);
        using var host = builder.Build();
        await host.StartAsync();

        await host.Services.GetRequiredService<ProcessPool>().ApplyAsync(LogText, "hello");
        await host.StopAsync();

        var written = Assert.Single(logs.Events, recorded => recorded.Text == "said hello");
        Assert.Equal((LogLevel.Information, 1L), (written.Level, written.Scope["Job"]));
    }

    /// <summary>Workers that have logging of their own, with the log of the host beside it.</summary>
    [Fact]
    public async Task Logger_OfAServiceWithTheUsersLogging_IsBesideItsProviders()
    {
        var logs = new RecordedLogs();
        var options = new PoolOptions { LoggerFactory = logs, Services = AddServices };
        await using var pool = await ProcessPool.StartAsync(1, options: options);

        var own = await pool.With<Speaker>().ApplyAsync(static speaker => speaker.Say("hello"));

        Assert.Equal("said hello", Assert.Single(logs.Events).Text);
        Assert.Equal(["said hello"], own);
    }

    private static void LogText(string text) => JobContext.Current!.Logger.LogInformation("said {Text}", text);

    private static void AddServices(IServiceCollection services)
    {
        var own = new LogLines();
        services.AddLogging(logging => logging.AddProvider(own)).AddSingleton(own).AddTransient<Speaker>();
    }

    private sealed class Speaker(ILogger<Speaker> logger, LogLines own)
    {
        public string[] Say(string text)
        {
            logger.LogInformation("said {Text}", text);
            return [.. own.Lines.Select(line => line.Text)];
        }
    }
}
