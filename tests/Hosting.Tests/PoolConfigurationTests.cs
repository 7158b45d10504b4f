using Actors.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Actors.Hosting.Tests;

public sealed class PoolConfigurationTests
{
    private readonly LogLines _log = new();

    [Fact]
    public void Options_SectionAndConnectionString_AreReadBeforeCode()
    {
        using var host = Build(
            o => o.Processes++,
            ("ConnectionStrings:reports", "127.0.0.1:4051,localhost:4051"), ("Actors:Pools:reports:Processes", "4"),
            ("Actors:Pools:reports:MaxAttempts", "5"), ("Actors:Pools:reports:recycleAfter", "01:00:00"),
            ("Actors:Pools:reports:RequiredLabels:0", "gpu"), ("Actors:Pools:reports:ResourcesPerWorker:licenses", "0.5"));

        var options = host.Services.GetRequiredService<IOptionsMonitor<HostedPoolOptions>>().Get("reports");

        Assert.Equal((5, "127.0.0.1:4051,localhost:4051"), (options.Processes, options.ConnectionString));
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
    [InlineData("ConnectionStrings:reports", "one:1;KeyFile=no/file", "ConnectionString: The key file no/file cannot be read: ")]
    [InlineData("ConnectionStrings:reports", "one:1;Tls=no/directory", "ConnectionString: The certificates in no/directory cannot be used")]
    [InlineData("ConnectionStrings:reports", "192.0.2.1:1", ";Tls=DIRECTORY in a connection string")]
    [InlineData("Actors:Pools:reports:Processes", "4097", "Actors:Pools:reports:Processes is 4097. Use 0 for the default")]
    [InlineData("Actors:Pools:reports:RequiredLabels", null, "Actors:Pools:reports:RequiredLabels is null. Give it a value, or remove")]
    [InlineData("Actors:Pools:reports:Processes", null, "Actors:Pools:reports:Processes is null.")]
    [InlineData("ConnectionStrings:reports", "one:1;Password=1", "'Password' is not a setting of a connection string")]
    public async Task StartAsync_BadOption_NamesTheKeyAndTheRemedy(string key, string? value, string expected)
    {
        using var host = Build(null, (key, value));

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.StartsWith("Pool 'reports': ", Assert.Single(exception.Failures), StringComparison.Ordinal);
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_NullInAJsonFile_NamesTheKey()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddJsonStream(new MemoryStream(
            """{ "Actors": { "Pools": { "reports": { "Files": null, "MaxJobsPerWorker": null, "Processes": 1 } } } }"""u8.ToArray()));
        builder.AddActorsPool("reports");
        using var host = builder.Build();

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Equal(
            "Pool 'reports': Actors:Pools:reports:Files is null. Give it a value, or remove the key for its default.",
            Assert.Single(exception.Failures));
    }

    /// <summary>The pool would run with the default options.</summary>
    [Fact]
    public async Task StartAsync_SectionOfAnUnknownPool_NamesThePools()
    {
        using var host = Build(null, ("Actors:Pools:report:Processes", "4"), ("Actors:Pools:REPORTS:Processes", "1"));

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Equal(
            "Actors:Pools:report: this program adds no pool 'report'. Its pools are 'reports'. Correct the name, or remove the section.",
            Assert.Single(exception.Failures));
    }

    /// <summary>The pool runs on this machine instead of the cluster.</summary>
    [Theory]
    [InlineData("report", "one:4051", true)]
    [InlineData("Repotrs", "one:4051,two:4051;KeyFile=key", true)]
    [InlineData("thumbnails", "one:4051", false)]
    [InlineData("report", "Server=db;Database=reports", false)]
    public async Task StartAsync_ConnectionStringOfASimilarName_IsLogged(string name, string value, bool isLogged)
    {
        using var host = Build(o => o.Processes = 1, ($"ConnectionStrings:{name}", value));

        await host.StartAsync();
        await host.StopAsync();

        var warnings = _log.Lines.Where(line => line.Id == 8).Select(line => line.Text).ToList();
        if (isLogged)
            Assert.Contains($"no pool uses the connection string '{name}'.", Assert.Single(warnings), StringComparison.Ordinal);
        else
            Assert.Empty(warnings);
    }

    /// <summary>The files are read before anything starts, and the message names pool, file and remedy.</summary>
    [Fact]
    public async Task StartAsync_UnusableKeyOrCertificates_NamesThePoolAndTheFile()
    {
        using var certificates = new TestCertificates();
        var directory = certificates.Make("client");
        File.Delete(Path.Combine(directory, "tls.key"));
        var empty = Path.Combine(directory, "empty");
        await File.WriteAllTextAsync(empty, "\n");

        Assert.StartsWith($"The key file {empty} is empty", await FindFailureAsync($"KeyFile={empty}"), StringComparison.Ordinal);
        Assert.StartsWith(
            $"The key file {directory} cannot be read", await FindFailureAsync($"KeyFile={directory}"), StringComparison.Ordinal);
        var incomplete = await FindFailureAsync($"Tls={directory}");
        Assert.StartsWith($"The certificates in {directory} cannot be used", incomplete, StringComparison.Ordinal);
        Assert.EndsWith("It must hold tls.crt, tls.key and ca.crt.", incomplete, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_StoreAndCluster_IsRefused()
    {
        using var host = Build(
            o => o.Pool = o.Pool with { DurableName = "orders", Store = new SqliteStore("orders.db") },
            ("ConnectionStrings:reports", "127.0.0.1:1"));

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.StartsWith(
            "Pool 'reports': PoolOptions.Store is only for a durable pool on this machine.", Assert.Single(exception.Failures),
            StringComparison.Ordinal);
    }

    private async Task<string> FindFailureAsync(string setting)
    {
        const string Prefix = "Pool 'reports': ConnectionStrings:reports or Actors:Pools:reports:ConnectionString: ";
        using var host = Build(null, ("ConnectionStrings:reports", $"127.0.0.1:1;{setting}"));
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        var failure = Assert.Single(exception.Failures);
        Assert.StartsWith(Prefix, failure, StringComparison.Ordinal);
        return failure[Prefix.Length..];
    }

    private IHost Build(Action<HostedPoolOptions>? configure, params (string Key, string? Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddProvider(_log);
        builder.Configuration.AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create(pair.Key, pair.Value)));
        builder.AddActorsPool("reports", configure);
        return builder.Build();
    }
}
