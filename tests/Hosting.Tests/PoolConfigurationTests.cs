using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Actors.Hosting.Tests;

public sealed class PoolConfigurationTests
{
    [Fact]
    public void Options_SectionAndConnectionString_AreReadBeforeCode()
    {
        using var host = Build(
            o => o.Processes++,
            ("ConnectionStrings:reports", "one:4051,two:4051"), ("Actors:Pools:reports:Processes", "4"),
            ("Actors:Pools:reports:MaxAttempts", "5"), ("Actors:Pools:reports:recycleAfter", "01:00:00"),
            ("Actors:Pools:reports:RequiredLabels:0", "gpu"), ("Actors:Pools:reports:ResourcesPerWorker:licenses", "0.5"));

        var options = host.Services.GetRequiredService<IOptionsMonitor<HostedPoolOptions>>().Get("reports");

        Assert.Equal((5, "one:4051,two:4051"), (options.Processes, options.ConnectionString));
        Assert.Equal((5, TimeSpan.FromHours(1)), (options.Pool.MaxAttempts, options.Pool.RecycleAfter));
        Assert.Equal(["gpu"], options.Pool.RequiredLabels);
        Assert.Equal(0.5m, options.Pool.ResourcesPerWorker["licenses"]);
    }

    [Theory]
    [InlineData("Actors:Pools:reports:MaxAtempts", "5", "Actors:Pools:reports:MaxAtempts: the key is unknown. Known keys are ")]
    [InlineData("Actors:Pools:reports:Processes", "-1", "Actors:Pools:reports:Processes is -1. Use 0 for the default")]
    [InlineData("Actors:Pools:reports:Processes", "many", "'Actors:Pools:reports:Processes'")]
    [InlineData("Actors:Pools:reports:MaxAttempts", "0", "Actors:Pools:reports:MaxAttempts: PoolOptions.MaxAttempts must be at least 1.")]
    [InlineData("Actors:Pools:reports:DurableName", "orders", "Actors:Pools:reports:DurableName needs a cluster or a store.")]
    [InlineData("Actors:Pools:reports:RequiredLabels:0", "gpu", "apply only to a cluster. Set ConnectionStrings:reports")]
    [InlineData("ConnectionStrings:reports", "one:x", "ConnectionStrings:reports or Actors:Pools:reports:ConnectionString: 'one:x' is not")]
    [InlineData("ConnectionStrings:reports", "one:1;KeyFile=no/file", "the file 'no/file' of KeyFile does not exist.")]
    [InlineData("ConnectionStrings:reports", "one:1;Tls=no/directory", "the directory 'no/directory' of Tls does not exist.")]
    [InlineData("ConnectionStrings:reports", "one:1;Password=1", "'Password' is not a setting of a connection string")]
    public async Task StartAsync_BadOption_NamesTheKeyAndTheRemedy(string key, string value, string expected)
    {
        using var host = Build(null, (key, value));

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.StartsWith("Pool 'reports': ", Assert.Single(exception.Failures), StringComparison.Ordinal);
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    private static IHost Build(Action<HostedPoolOptions>? configure, params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)));
        builder.AddActorsPool("reports", configure);
        return builder.Build();
    }
}
