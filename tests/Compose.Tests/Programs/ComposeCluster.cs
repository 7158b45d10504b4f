using System.Globalization;

namespace Actors.Compose.Tests.Programs;

/// <summary>
/// docker-compose.yml for real, started once for all tests and taken down behind the last. Each test begins with <see cref="TogetherAsync"/>, and may leave
/// anything behind that this mends. Needs docker-compose (1.29 or 2), openssl, nsenter, iptables, and the rights of root.
/// </summary>
public sealed class ComposeCluster : IAsyncLifetime
{
    /// <summary>What a client passes as <c>connect</c>.</summary>
    public const string Address = "coordinator1:4051,coordinator2:4052,coordinator3:4053";

    private const int Nodes = 2;
    private static readonly string[] Coordinators = ["coordinator1", "coordinator2", "coordinator3"];

    private readonly string _project = $"actors-test-{Environment.ProcessId}";
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("compose-");
    private HostNames? _names;

    /// <summary>What <c>scripts/make-secrets</c> made.</summary>
    public string Secrets => Path.Combine(_directory.FullName, "secrets");

    /// <summary>Where jobs write down that they ran.</summary>
    private string Records => Path.Combine(_directory.FullName, "records");

    private string Network => $"{_project}_default";

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        if (ComposeFactAttribute.Missing is not null)
            return;
        await Command.RunAsync(Path.Combine(Repository.Root, "scripts", "make-secrets"), Secrets);
        OpenToAll(Records);
        Environment.SetEnvironmentVariable("ACTORS_SECRETS", Secrets);
        Environment.SetEnvironmentVariable("ACTORS_TEST_RECORDS", Records);
        Environment.SetEnvironmentVariable("COMPOSE_HTTP_TIMEOUT", "180");
        Environment.SetEnvironmentVariable("ACTORS_TLS_DIRECTORY", Path.Combine(Secrets, "tls", "client"));
        Environment.SetEnvironmentVariable("ACTORS_KEY_FILE", Path.Combine(Secrets, "client-key"));
        _names = new HostNames(Coordinators);
        try
        {
            await ComposeAsync("build");
        }
        catch
        {
            // Nobody else does for what is not there.
            await DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (ComposeFactAttribute.Missing is not null)
        {
            _directory.Delete();
            return;
        }

        _names?.Dispose();
        await ComposeAsync("down", "-v", "-t", "5");
        _directory.Delete(recursive: true);
        foreach (var kind in new[] { "container", "volume", "network" })
            Assert.Equal("", await Command.RunAsync("docker", kind, "ls", "-q", "--filter", $"label=com.docker.compose.project={_project}"));
    }

    /// <summary>Makes a directory for the records of some jobs; the containers' user, who is another one than this, may write there.</summary>
    internal string MakeRecords(string name) => OpenToAll(Path.Combine(Records, name));

    /// <summary>All are up and healthy, with two nodes, whatever was before.</summary>
    internal async Task TogetherAsync()
    {
        // What depends on it is not started, and that is a failure, while it is not healthy.
        await ComposeAsync("up", "-d", "postgres");
        await AreHealthyAsync(1, "postgres");
        await ScaleAsync(Nodes);
        await AreHealthyAsync(Coordinators.Length, Coordinators);
        await AreHealthyAsync(Nodes, "worker");
    }

    /// <summary>Starts what does not run, with so many nodes.</summary>
    internal Task ScaleAsync(int nodes) => ComposeAsync("up", "-d", "--scale", string.Create(CultureInfo.InvariantCulture, $"worker={nodes}"));

    /// <summary>Ends when that many containers of the services are healthy, and no other is there.</summary>
    internal Task AreHealthyAsync(int count, params IReadOnlyList<string> services) =>
        Eventually.HoldsAsync($"{count} of {string.Join(", ", services)} are healthy", 120, async () =>
        {
            var containers = (await Task.WhenAll(services.Select(AllAsync))).SelectMany(of => of).ToList();
            var healthy = await Task.WhenAll(containers.Select(container => container.IsHealthyAsync()));
            return healthy.Length == count && healthy.All(isHealthy => isHealthy);
        });

    internal async Task<IReadOnlyList<Container>> AllAsync(string service) =>
        [.. (await ComposeAsync("ps", "-a", "-q", service)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.Length == 64).Select(id => new Container(id))];

    internal async Task<Container> OneAsync(string service) => Assert.Single(await AllAsync(service));

    internal async Task<IReadOnlyList<Container>> CoordinatorsAsync() => await Task.WhenAll(Coordinators.Select(OneAsync));

    internal Task<IReadOnlyList<Container>> NodesAsync() => AllAsync("worker");

    /// <summary>The coordinator that has the durable pool, or had it last.</summary>
    internal async Task<Container> OwnerAsync(string pool)
    {
        var word = $"durable pool '{pool}': runs here";
        var last = await Task.WhenAll((await CoordinatorsAsync()).Select(async coordinator =>
            (Coordinator: coordinator, When: (await coordinator.LogAsync()).Split('\n').LastOrDefault(line => line.Contains(word, StringComparison.Ordinal)) ?? "")));
        return last.MaxBy(one => one.When, StringComparer.Ordinal).Coordinator;
    }

    /// <summary>Ends when the pool is at another coordinator.</summary>
    internal Task MovesAsync(string pool, Container from) =>
        Eventually.HoldsAsync("the pool goes on at another coordinator", 60, async () => await OwnerAsync(pool) != from);

    internal Task CutOffAsync(Container container) => Command.RunAsync("docker", "network", "disconnect", Network, container.Id);

    /// <summary>Lets it hear the others again, and be found by them under its service's name.</summary>
    internal async Task ReconnectAsync(Container container) => await Command.RunAsync(
        "docker", "network", "connect", "--alias", await container.InspectAsync("{{index .Config.Labels \"com.docker.compose.service\"}}"), Network, container.Id);

    /// <summary>Runs docker-compose on the file.</summary>
    internal async Task<string> ComposeAsync(params IReadOnlyList<string> arguments)
    {
        string[] files = ["-f", Path.Combine(Repository.Root, "docker-compose.yml"), "-f", Path.Combine(AppContext.BaseDirectory, "records.yml")];
        return await Command.RunAsync("docker-compose", ["-p", _project, .. files, .. arguments]);
    }

    private static string OpenToAll(string directory)
    {
        Directory.CreateDirectory(directory);
        // Whatever the mask of this process is.
        File.SetUnixFileMode(directory, (UnixFileMode)0b111_111_111);
        return directory;
    }
}

/// <summary>The tests that share it, one after the other.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
#pragma warning disable CA1711 // Xunit's word.
public sealed class ComposeCollection : ICollectionFixture<ComposeCluster>
#pragma warning restore CA1711
{
    public const string Name = "docker-compose";
}
