using System.Globalization;

namespace Actors.Compose.Tests.Programs;

/// <summary>
/// The cluster of docker-compose.yml, started once for all tests and removed after the last one. Each test begins with
/// <see cref="RepairAsync"/>, which repairs the damage of earlier tests. Needs docker-compose (1.29 or 2), openssl, nsenter, iptables and
/// root permissions.
/// </summary>
public sealed class ComposeCluster : IAsyncLifetime
{
    /// <summary>The value of <c>connect</c> for clients.</summary>
    public const string Address = "coordinator1:4051,coordinator2:4052,coordinator3:4053";

    private const int Nodes = 2;
    private static readonly string[] Coordinators = ["coordinator1", "coordinator2", "coordinator3"];

    private readonly string _project = $"actors-test-{Environment.ProcessId}";
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("compose-");
    private HostNames? _names;

    /// <summary>Gets the directory with the output of <c>scripts/make-secrets</c>.</summary>
    public string Secrets => Path.Combine(_directory.FullName, "secrets");

    /// <summary>Gets the directory in which jobs record their runs.</summary>
    private string Records => Path.Combine(_directory.FullName, "records");

    private string Network => $"{_project}_default";

    private string DatabaseNetwork => $"{_project}_database";

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
            // xunit does not dispose a fixture whose initialization failed.
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
        {
            Assert.Equal(
                "", await Command.RunAsync("docker", kind, "ls", "-q", "--filter", $"label=com.docker.compose.project={_project}"));
        }
    }

    /// <summary>Creates a directory for the records of a batch. The user of the containers may write to it.</summary>
    internal string MakeRecords(string name) => OpenToAll(Path.Combine(Records, name));

    /// <summary>Starts missing containers and waits until all are healthy, with two nodes.</summary>
    internal async Task RepairAsync()
    {
        // docker-compose fails if a dependency is not healthy, so PostgreSQL starts first.
        await ComposeAsync("up", "-d", "postgres");
        await AreHealthyAsync(1, "postgres");
        await ScaleAsync(Nodes);
        await AreHealthyAsync(Coordinators.Length, Coordinators);
        await AreHealthyAsync(Nodes, "worker");
    }

    /// <summary>Starts the stopped services with a number of nodes.</summary>
    internal Task ScaleAsync(int nodes) =>
        ComposeAsync("up", "-d", "--scale", string.Create(CultureInfo.InvariantCulture, $"worker={nodes}"));

    /// <summary>Waits until exactly this number of containers of the services exists and all of them are healthy.</summary>
    internal Task AreHealthyAsync(int count, params IReadOnlyList<string> services) =>
        Eventually.HoldsAsync($"{count} of {string.Join(", ", services)} are healthy", 120, async () =>
        {
            var containers = (await Task.WhenAll(services.Select(AllAsync))).SelectMany(of => of).ToList();
            var healthy = await Task.WhenAll(containers.Select(container => container.IsHealthyAsync()));
            return healthy.Length == count && healthy.All(isHealthy => isHealthy);
        });

    internal async Task<IReadOnlyList<Container>> AllAsync(string service) =>
        [.. (await ComposeAsync("ps", "-a", "-q", service)).Split('\n',
            StringSplitOptions.RemoveEmptyEntries).Where(line => line.Length == 64).Select(id => new Container(id))];

    internal async Task<Container> OneAsync(string service) => Assert.Single(await AllAsync(service));

    /// <summary>Returns the containers of all services.</summary>
    internal async Task<IReadOnlyList<Container>> AllAsync() =>
        [.. await CoordinatorsAsync(), .. await NodesAsync(), await OneAsync("postgres")];

    internal async Task<IReadOnlyList<Container>> CoordinatorsAsync() => await Task.WhenAll(Coordinators.Select(OneAsync));

    internal Task<IReadOnlyList<Container>> NodesAsync() => AllAsync("worker");

    /// <summary>Finds the current or last owner of a durable pool.</summary>
    internal async Task<Container> OwnerAsync(string pool)
    {
        var loaded = $"durable pool '{pool}': runs here";
        var last = await Task.WhenAll((await CoordinatorsAsync()).Select(async coordinator =>
            (Coordinator: coordinator, When: (await coordinator.LogAsync()).Split('\n').LastOrDefault(
                line => line.Contains(loaded, StringComparison.Ordinal)) ?? "")));
        return last.MaxBy(one => one.When, StringComparer.Ordinal).Coordinator;
    }

    /// <summary>Waits until the pool has another owner.</summary>
    internal Task MovesAsync(string pool, Container from) =>
        Eventually.HoldsAsync("the pool continues on another coordinator", 60, async () => await OwnerAsync(pool) != from);

    /// <summary>Disconnects a node or coordinator from all its networks.</summary>
    internal async Task DisconnectAsync(Container container)
    {
        foreach (var network in await NetworksOfAsync(container))
            await Command.RunAsync("docker", "network", "disconnect", network, container.Id);
    }

    /// <summary>Connects a container to its networks again, under the name of its service.</summary>
    internal async Task ReconnectAsync(Container container)
    {
        var service = await ServiceOfAsync(container);
        foreach (var network in await NetworksOfAsync(container))
            await Command.RunAsync("docker", "network", "connect", "--alias", service, network, container.Id);
    }

    /// <summary>Runs docker-compose on the file.</summary>
    internal async Task<string> ComposeAsync(params IReadOnlyList<string> arguments)
    {
        string[] files = ["-f", Path.Combine(Repository.Root, "docker-compose.yml"), "-f",
            Path.Combine(AppContext.BaseDirectory, "records.yml")];
        return await Command.RunAsync("docker-compose", ["-p", _project, .. files, .. arguments]);
    }

    private async Task<string[]> NetworksOfAsync(Container container)
    {
        var service = await ServiceOfAsync(container);
        return Coordinators.Contains(service) ? [Network, DatabaseNetwork] : [Network];
    }

    private static Task<string> ServiceOfAsync(Container container) =>
        container.InspectAsync("{{index .Config.Labels \"com.docker.compose.service\"}}");

    private static string OpenToAll(string directory)
    {
        Directory.CreateDirectory(directory);
        // Set explicitly, because the umask of this process may restrict the mode.
        File.SetUnixFileMode(directory, (UnixFileMode)0b111_111_111);
        return directory;
    }
}

/// <summary>The collection of tests that share the cluster. They run one after the other.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
#pragma warning disable CA1711 // The name follows xunit.
public sealed class ComposeCollection : ICollectionFixture<ComposeCluster>
#pragma warning restore CA1711
{
    public const string Name = "docker-compose";
}
