using System.Text.RegularExpressions;
using Actors.Architecture.Tests.Reference;
using k8s;
using k8s.Models;
using YamlDotNet.Core;

namespace Actors.Architecture.Tests;

/// <summary>The manifests are valid for Kubernetes, and the objects that they name exist.</summary>
public partial class KubernetesTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "deploy", "kubernetes");
    private static readonly string[] Made =
        ["coordinator-tls", "worker-tls", "postgres-connection", "http-token", "client-key", "node-key"];

    private static readonly Dictionary<string, Type> Types = new()
    {
        ["v1/Namespace"] = typeof(V1Namespace),
        ["v1/Service"] = typeof(V1Service),
        ["apps/v1/StatefulSet"] = typeof(V1StatefulSet),
        ["apps/v1/Deployment"] = typeof(V1Deployment),
        ["policy/v1/PodDisruptionBudget"] = typeof(V1PodDisruptionBudget),
        ["autoscaling/v2/HorizontalPodAutoscaler"] = typeof(V2HorizontalPodAutoscaler),
        ["networking.k8s.io/v1/NetworkPolicy"] = typeof(V1NetworkPolicy),
    };

    private readonly List<object> _all = [.. ManifestNames().SelectMany(name => Load(File.ReadAllText(Path.Combine(Folder, name))))];

    private V1StatefulSet Coordinators => _all.OfType<V1StatefulSet>().Single();

    private V1Deployment Workers => _all.OfType<V1Deployment>().Single();

    private IEnumerable<(string Name, V1PodTemplateSpec Template)> Pods =>
        [("coordinator", Coordinators.Spec.Template), ("worker", Workers.Spec.Template)];

    [Fact]
    public void Manifests_AreAllThatTheFolderHas()
    {
        var listed = Resource().Matches(File.ReadAllText(Path.Combine(Folder, "kustomization.yaml")))
            .Select(match => match.Groups[1].Value);

        Assert.Equal(ManifestNames().Order(), listed.Order());
        Assert.Equal(8, _all.Count);
    }

    [Theory]
    [InlineData("coordinators", "replicas: 3", "replica: 3")]
    [InlineData("coordinators", "terminationGracePeriodSeconds: 30", "terminationGracePeriodSeconds: soon")]
    [InlineData("coordinators", "kind: StatefulSet", "kind: StatefullSet")]
    [InlineData("coordinators", "apiVersion: apps/v1", "apiVersion: apps/v1beta1")]
    [InlineData("coordinators", "  serviceName: coordinators\n", "")]
    [InlineData("coordinators", "podManagementPolicy: Parallel", "podManagementPolicy: parallel")]
    [InlineData("coordinators", "image: actors-coordinator", "imagePullPolicy: Always")]
    [InlineData("coordinators", "image: actors-coordinator", "image: actors-coordinator\n          imagePullPolicy: Sometimes")]
    [InlineData("coordinators", "- name: coordinator\n          image:", "- image:")]
    [InlineData("coordinators", "containerPort: 8080", "protocol: TCP")]
    [InlineData("coordinators", "port: 4053, targetPort", "targetPort")]
    [InlineData("coordinators", "scheme: HTTPS", "scheme: https")]
    [InlineData("coordinators", "      labels: {app: coordinator}\n    spec:", "      labels: {app: other}\n    spec:")]
    [InlineData("coordinators", "  selector:\n    matchLabels: {app: coordinator}\n  template:", "  template:")]
    [InlineData("coordinators", "  maxUnavailable: 1\n", "")]
    [InlineData("coordinators", "topologyKey: kubernetes.io/hostname\n                ", "")]
    [InlineData("coordinators", ", mountPath: /tmp}", "}")]
    [InlineData("coordinators", "accessModes: [ReadWriteOnce]", "accessModes: [ReadWrite]")]
    [InlineData("coordinators", "type: RuntimeDefault", "type: Default")]
    [InlineData("coordinators", "medium: Memory", "medium: memory")]
    [InlineData("workers", "terminationGracePeriodSeconds: 600", "restartPolicy: OnFailure")]
    [InlineData("autoscaler", "  maxReplicas: 20\n", "")]
    [InlineData("autoscaler", "    kind: Deployment\n", "")]
    [InlineData("autoscaler", "- type: External", "- type: Outer")]
    [InlineData("autoscaler", "        metric: {name: actors_jobs_waiting}\n", "")]
    [InlineData("autoscaler", "type: AverageValue", "type: Average")]
    [InlineData("autoscaler", "{type: Pods, value: 4, periodSeconds: 15}", "{type: Pods, periodSeconds: 15}")]
    [InlineData("network", "operator: In", "operator: in")]
    [InlineData("network", "policyTypes: [Ingress]", "policyTypes: [Incoming]")]
    public void Manifest_WithAMistake_IsNotTaken(string file, string right, string wrong)
    {
        var text = File.ReadAllText(Path.Combine(Folder, $"{file}.yaml"));
        Assert.Contains(right, text, StringComparison.Ordinal);

        var refusal = Assert.ThrowsAny<Exception>(() => Load(text.Replace(right, wrong, StringComparison.Ordinal)));
        Assert.IsNotType<NullReferenceException>(refusal);
    }

    [Fact]
    public void Selectors_MatchPods()
    {
        Assert.All(_all.OfType<V1PodDisruptionBudget>().Select(budget => budget.Spec.Selector.MatchLabels), Selects);
        Assert.All(_all.OfType<V1Service>().Select(service => service.Spec.Selector), Selects);
        Assert.All(_all.OfType<V1NetworkPolicy>().Select(policy => policy.Spec.PodSelector.MatchLabels), Selects);
        Selects(Coordinators.Spec.Selector.MatchLabels);
        Selects(Workers.Spec.Selector.MatchLabels);
        Assert.Equal(_all.OfType<V1Service>().Single().Metadata.Name, Coordinators.Spec.ServiceName);
        var target = _all.OfType<V2HorizontalPodAutoscaler>().Single().Spec.ScaleTargetRef;
        Assert.Equal((Workers.ApiVersion, Workers.Kind, Workers.Metadata.Name), (target.ApiVersion, target.Kind, target.Name));
    }

    [Fact]
    public async Task Metric_IsOneThatCoordinatorsHave()
    {
        var metric = _all.OfType<V2HorizontalPodAutoscaler>().Single().Spec.Metrics.Single().External.Metric.Name;

        Assert.Contains(await ExportedMetrics.ReadAsync(), exported => exported.Name == metric);
    }

    [Fact]
    public void Pods_NameWhatTheyHave()
    {
        foreach (var (name, template) in Pods)
        {
            var container = template.Spec.Containers.Single();
            var volumes = template.Spec.Volumes.Select(volume => volume.Name)
                .Concat(name == "coordinator" ? Coordinators.Spec.VolumeClaimTemplates.Select(claim => claim.Metadata.Name) : []);
            Assert.Equal(volumes.Order(), container.VolumeMounts.Select(mount => mount.Name).Order());
            Assert.All(template.Spec.Volumes.Where(volume => volume.Secret is not null), volume =>
                Assert.Contains(volume.Secret.SecretName, Made));
            var ports = container.Ports.Select(port => port.Name).ToList();
            foreach (var probe in new[] { container.LivenessProbe, container.ReadinessProbe, container.StartupProbe }.Where(probe =>
                probe?.HttpGet is not null))
                Assert.Contains(probe.HttpGet.Port.Value, ports);
            Assert.All(_all.OfType<V1Service>().SelectMany(service => service.Spec.Ports), port =>
                Assert.Contains(port.TargetPort.Value, Coordinators.Spec.Template.Spec.Containers[0].Ports.Select(own => own.Name)));
        }
    }

    [Fact]
    public void Pods_AreNotRoot_WriteNowhereElse_AndAreLimited()
    {
        Assert.All(Pods, pod =>
        {
            var container = pod.Template.Spec.Containers.Single();
            Assert.True(pod.Template.Spec.SecurityContext.RunAsNonRoot);
            Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
            Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
            Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
            Assert.True(container.Resources.Limits.ContainsKey("memory"));
        });
    }

    /// <summary>Otherwise each start makes the files on a volume writable for the group, and the programs refuse such files.</summary>
    [Fact]
    public void Volumes_KeepTheModesOfTheirFiles() =>
        Assert.All(Pods, pod => Assert.Equal("OnRootMismatch", pod.Template.Spec.SecurityContext.FsGroupChangePolicy));

    /// <summary>The image, the program and its command line.</summary>
    [Theory]
    [InlineData("coordinator", "Coordinator")]
    [InlineData("worker", "WorkerNode")]
    public void Command_IsOneThatTheProgramKnows(string pod, string program)
    {
        var container = Pods.Single(other => other.Name == pod).Template.Spec.Containers.Single();
        var sources = Repository.Files(Path.Combine("src", program), ".cs").Concat(Repository.Files(Path.Combine("src", "Programs"), ".cs"))
            .Select(file => file.Text).ToList();
        var dockerfile = File.ReadAllText(Path.Combine(Repository.Root, "Dockerfile"));

        Assert.Equal(["actors", pod], container.Command);
        Assert.Equal($"actors-{pod}", container.Image);
        Assert.Contains($" AS {pod}\n", dockerfile, StringComparison.Ordinal);
        Assert.Contains($"exec actors {pod} ", dockerfile, StringComparison.Ordinal);
        Assert.All(container.Args, argument =>
            Assert.Contains(sources, text => text.Contains($"\"{argument.Split('=')[0]}\"", StringComparison.Ordinal)));
        Assert.All(Variable().Matches(string.Join('\n', container.Args)).Select(match => match.Groups[1].Value), name =>
            Assert.Contains(name, container.Env.Select(variable => variable.Name)));
    }

    private static IEnumerable<string> ManifestNames() =>
        Directory.GetFiles(Folder, "*.yaml").Select(path => Path.GetFileName(path)).Where(name => name != "kustomization.yaml");

    /// <summary>Every field must be one of its type, none missing that must be there, and no kind unknown.</summary>
    private static List<object> Load(string text)
    {
        var objects = KubernetesYaml.LoadAllFromString(text, Types, strict: true);
        var kinds = Kind().Count(text);
        if (objects.Count != kinds)
            throw new YamlException($"{objects.Count} of {kinds} documents are of a known kind.");
        KubernetesFields.Check(objects);
        return objects;
    }

    private void Selects(IDictionary<string, string> labels) =>
        Assert.Contains(Pods, pod => labels.All(label => pod.Template.Metadata.Labels.TryGetValue(label.Key, out var value)
            && value == label.Value));

    [GeneratedRegex(@"^  - (\S+\.yaml)$", RegexOptions.Multiline)]
    private static partial Regex Resource();

    [GeneratedRegex(@"^kind: ", RegexOptions.Multiline)]
    private static partial Regex Kind();

    [GeneratedRegex(@"\$\((\w+)\)")]
    private static partial Regex Variable();
}
