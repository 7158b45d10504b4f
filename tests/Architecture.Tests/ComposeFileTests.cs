using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Actors.Architecture.Tests;

/// <summary>
/// Compose 1.29 takes docker-compose.yml as well as later ones do, and a docker without BuildKit the Dockerfile; and no service has more
/// rights than it needs.
/// </summary>
public sealed partial class ComposeFileTests
{
    /// <summary>Later than 1.29, or without meaning there, or not without a swarm; and a container with all rights.</summary>
    private static readonly string[] NotTaken =
        ["include", "develop", "models", "provider", "start_interval", "dockerfile_inline", "additional_contexts", "deploy", "privileged"];

    private static readonly string[] Needed = ["mem_limit", "pids_limit", "cap_drop", "security_opt", "healthcheck"];

    private static readonly string Compose = ReadFile("docker-compose.yml");
    private static readonly string Quickstart = ReadFile("compose.quickstart.yml");
    private static readonly string WebSample = ReadFile("samples/Web/compose.yml");
    private static readonly string Dockerfile = ReadFile("Dockerfile");

    public static TheoryData<string> ComposeFiles => ["docker-compose.yml", "compose.quickstart.yml", "samples/Web/compose.yml"];

    [Fact]
    public void Compose_HasWhatEveryVersionTakes_AndLimitsEachService() => Assert.Empty(Complaints(Compose));

    [Fact]
    public void Quickstart_KeepsTheSameRules() => Assert.Empty(Complaints(Quickstart));

    /// <summary>The containers of a service that is scaled, and services that mount the same volume, share its files.</summary>
    [Theory]
    [MemberData(nameof(ComposeFiles))]
    public void Volumes_WithAName_BelongToOneContainer(string file)
    {
        var named = Services(ReadFile(file))
            .SelectMany(service => NamedVolumes(service.Keys).Select(volume => (service.Name, Volume: volume))).ToList();

        Assert.DoesNotContain(named, mounted => mounted.Name == "worker");
        Assert.Equal(named.Select(mounted => mounted.Volume).Distinct(), named.Select(mounted => mounted.Volume));
    }

    /// <summary>A job can open connections to each container of its networks.</summary>
    [Fact]
    public void Database_IsInNoNetworkOfTheWorkerNodes()
    {
        var networks = Services(Compose).ToDictionary(service => service.Name, service => Networks(service.Keys));

        Assert.Equal(["database"], networks["postgres"]);
        Assert.DoesNotContain("database", networks["worker"]);
        Assert.All(["coordinator1", "coordinator2", "coordinator3"], name => Assert.Equal(["default", "database"], networks[name]));
    }

    /// <summary>The name of such a container has several addresses, and the program would listen on one of them.</summary>
    [Theory]
    [MemberData(nameof(ComposeFiles))]
    public void Programs_InSeveralNetworks_ListenOnAllAddresses(string file) =>
        Assert.All(Services(ReadFile(file)).Where(service => Networks(service.Keys).Count > 1), service =>
            Assert.Equal("0.0.0.0", Option(service.Keys, "bind")));

    /// <summary>It replaces the command of the coordinators.</summary>
    [Fact]
    public void Chaos_CommandOfTheCoordinators_HasTheirOptions()
    {
        var changed = Services(ReadFile("docker-compose.chaos.yml")).ToDictionary(service => service.Name, service => service.Keys);

        foreach (var (name, keys) in Services(Compose).Where(service => service.Keys.ContainsKey("command")))
            Assert.Empty(Texts(keys["command"]).Except(Texts(changed[name]["command"])));
    }

    /// <summary>The file of the sample changes only the command and ports of the coordinator.</summary>
    [Fact]
    public void WebSample_KeepsTheSameRules() => Assert.All(Complaints(WebSample), complaint =>
        Assert.StartsWith("coordinator ", complaint, StringComparison.Ordinal));

    /// <summary>Its only service is an image of another project, which writes to its own files.</summary>
    [Fact]
    public void TelemetrySample_MountsTheDashboard_AndListensOnLoopbackOnly()
    {
        var folder = Path.Combine(Repository.Root, "samples/Telemetry");
        var (_, keys) = Assert.Single(Services(File.ReadAllText(Path.Combine(folder, "compose.yml"))));

        Assert.All(Texts(keys["ports"]), port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
        var mounted = Texts(keys["volumes"]).Select(volume => volume.Split(':')).ToList();
        Assert.All(mounted, parts => Assert.True(Path.Exists(Path.Combine(folder, parts[0])), parts[0]));
        Assert.Contains($"path: {mounted[1][1]}\n", File.ReadAllText(Path.Combine(folder, mounted[0][0])), StringComparison.Ordinal);
    }

    [Fact]
    public void Quickstart_OneCoordinatorAndTwoNodes_ShareItsLoopbackInterface()
    {
        var services = Services(Quickstart);

        Assert.Equal(["coordinator", "node1", "node2"], services.Select(service => service.Name));
        var address = services.ToDictionary(service => service.Name, service => $"127.0.0.1:{Option(service.Keys, "port")}");
        Assert.Equal(3, address.Values.Distinct().Count());
        var ports = ((string[])["port", "data-port"]).Select(option => Option(services[0].Keys, option));
        Assert.Equal(ports.Select(port => $"127.0.0.1:{port}:{port}"), Texts(services[0].Keys["ports"]));
        Assert.All(services.Skip(1), node =>
        {
            Assert.Equal(address["coordinator"], Option(node.Keys, "join"));
            Assert.Equal("service:coordinator", node.Keys["network_mode"]);
            Assert.False(node.Keys.ContainsKey("ports"));
        });
    }

    /// <summary>Nothing has to be made first: each file that is mounted is part of the repository, and none is a secret.</summary>
    [Fact]
    public void Quickstart_MountsFilesOfTheRepositoryOnly()
    {
        Assert.DoesNotContain("secrets:", Quickstart, StringComparison.Ordinal);
        Assert.DoesNotContain("--tls", Quickstart, StringComparison.Ordinal);
        foreach (var (_, keys) in Services(Quickstart))
        {
            var parts = Assert.Single(Texts(keys["volumes"])).Split(':');
            Assert.True(File.Exists(Path.Combine(Repository.Root, parts[0])), parts[0]);
            Assert.Equal(("ro", Option(keys, "key-file")), (parts[2], parts[1]));
        }
    }

    [Theory]
    [InlineData("services:\n", "version: \"3.9\"\nservices:\n")]
    [InlineData("services:\n", "name: actors\nservices:\n")]
    [InlineData("services:\n", "include: [other.yml]\nservices:\n")]
    [InlineData("    interval: 5s\n", "    interval: 5s\n    start_interval: 1s\n")]
    [InlineData("    target: coordinator\n", "    dockerfile_inline: FROM scratch\n")]
    [InlineData("  init: true\n", "  init: true\n  develop: {watch: []}\n")]
    [InlineData("  init: true\n", "  init: true\n  privileged: true\n")]
    [InlineData("  read_only: true\n  tmpfs: [/tmp]\n", "  tmpfs: [/tmp]\n")]
    [InlineData("\n  cap_drop: [ALL]\n", "\n")]
    [InlineData("  pids_limit: 4096\n", "")]
    [InlineData("    security_opt: [\"no-new-privileges:true\"]\n    pids_limit: 512\n", "    pids_limit: 512\n")]
    [InlineData("    mem_limit: 2g\n", "")]
    [InlineData("    mem_limit: 2g\n", "    deploy: {resources: {limits: {memory: 2g}}}\n")]
    [InlineData("    read_only: true\n    tmpfs: [/tmp, /var", "    tmpfs: [/tmp, /var")]
    [InlineData("    healthcheck:\n      test: [\"CMD\", \"pg_isready\"", "    x-none:\n      test: [\"CMD\", \"pg_isready\"")]
    public void Compose_WithAMistake_IsNotTaken(string right, string wrong)
    {
        Assert.Contains(right, Compose, StringComparison.Ordinal);

        Assert.NotEmpty(Complaints(Compose.Replace(right, wrong, StringComparison.Ordinal)));
    }

    [Fact]
    public void Dockerfile_NeedsNoBuildKit() => Assert.DoesNotMatch(OfBuildKit(), Dockerfile);

    [Theory]
    [InlineData("# syntax=docker/dockerfile:1\n")]
    [InlineData("RUN --mount=type=cache,target=/packages dotnet restore\n")]
    [InlineData("RUN <<EOF\ntrue\nEOF\n")]
    [InlineData("COPY --link src src\n")]
    [InlineData("COPY --from=build --chmod=755 /programs /programs\n")]
    public void Dockerfile_ThatNeedsBuildKit_IsKnown(string line) => Assert.Matches(OfBuildKit(), $"FROM scratch\n{line}");

    private static string ReadFile(string name) => File.ReadAllText(Path.Combine(Repository.Root, name));

    private static List<string> Complaints(string text)
    {
        var file = Parse(text);
        List<string> complaints = [.. file.Keys.Where(key => key is "version" or "name")
            .Concat(Keys(file).Where(key => NotTaken.Contains(key))).Select(key => $"{key} is not taken")];
        foreach (var (name, service) in (IDictionary<object, object>)file["services"])
        {
            var keys = (IDictionary<object, object>)service;
            complaints.AddRange(Needed.Where(needed => !keys.ContainsKey(needed)).Select(needed => $"{name} has no {needed}"));
            if (!keys.TryGetValue("read_only", out var isReadOnly) || isReadOnly is not "true")
                complaints.Add($"{name} is not read_only");
        }

        return complaints;
    }

    private static IDictionary<object, object> Parse(string text) =>
        (IDictionary<object, object>)new DeserializerBuilder().Build().Deserialize(new MergingParser(new Parser(new StringReader(text))))!;

    private static List<(string Name, IDictionary<object, object> Keys)> Services(string text) =>
        [.. ((IDictionary<object, object>)Parse(text)["services"])
            .Select(service => ((string)service.Key, (IDictionary<object, object>)service.Value))];

    private static IEnumerable<string> NamedVolumes(IDictionary<object, object> service) => service.TryGetValue("volumes", out var volumes)
        ? Texts(volumes).Select(volume => volume.Split(':')[0]).Where(source => source[0] is not ('.' or '/' or '$'))
        : [];

    private static List<string> Networks(IDictionary<object, object> service) =>
        service.TryGetValue("networks", out var networks) ? [.. Texts(networks)] : ["default"];

    private static IEnumerable<string> Texts(object list) => ((IEnumerable<object>)list).Cast<string>();

    private static string Option(IDictionary<object, object> service, string name) =>
        Texts(service["command"]).Single(argument => argument.StartsWith($"--{name}=", StringComparison.Ordinal))[(name.Length + 3)..];

    private static IEnumerable<object> Keys(object? node) => node switch
    {
        IDictionary<object, object> map => map.SelectMany(pair => Keys(pair.Value).Prepend(pair.Key)),
        IEnumerable<object> list => list.SelectMany(Keys),
        _ => [],
    };

    [GeneratedRegex(@"^#\s*syntax\s*=|^(RUN|COPY|ADD)\s.*--(mount|network|security|link|chmod|parents|exclude)\b|^(RUN|COPY|ADD)\s.*<<",
        RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex OfBuildKit();
}
