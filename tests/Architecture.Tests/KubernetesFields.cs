using System.Collections;
using System.Reflection;
using k8s.Models;
using YamlDotNet.Core;

namespace Actors.Architecture.Tests;

/// <summary>
/// The rules of the API server for the fields of our manifests beyond their types: the required fields, and the permitted values.
/// </summary>
internal static class KubernetesFields
{
    private static readonly string[] Protocols = ["TCP", "UDP", "SCTP"];

    /// <summary>Those that are numbers are found by their type: one that may be missing is nullable.</summary>
    private static readonly Dictionary<Type, string[]> Required = new()
    {
        [typeof(V1StatefulSetSpec)] =
            [nameof(V1StatefulSetSpec.Selector), nameof(V1StatefulSetSpec.Template), nameof(V1StatefulSetSpec.ServiceName)],
        [typeof(V1DeploymentSpec)] = [nameof(V1DeploymentSpec.Selector), nameof(V1DeploymentSpec.Template)],
        [typeof(V1PodDisruptionBudgetSpec)] = [nameof(V1PodDisruptionBudgetSpec.Selector)],
        [typeof(V1NetworkPolicySpec)] = [nameof(V1NetworkPolicySpec.PodSelector)],
        [typeof(V1PodTemplateSpec)] = [nameof(V1PodTemplateSpec.Metadata), nameof(V1PodTemplateSpec.Spec)],
        [typeof(V1PodSpec)] = [nameof(V1PodSpec.Containers)],
        [typeof(V1Container)] = [nameof(V1Container.Name), nameof(V1Container.Image)],
        [typeof(V1EnvVar)] = [nameof(V1EnvVar.Name)],
        [typeof(V1ObjectFieldSelector)] = [nameof(V1ObjectFieldSelector.FieldPath)],
        [typeof(V1HTTPGetAction)] = [nameof(V1HTTPGetAction.Port)],
        [typeof(V1ExecAction)] = [nameof(V1ExecAction.Command)],
        [typeof(V1VolumeMount)] = [nameof(V1VolumeMount.Name), nameof(V1VolumeMount.MountPath)],
        [typeof(V1Volume)] = [nameof(V1Volume.Name)],
        [typeof(V1SecretVolumeSource)] = [nameof(V1SecretVolumeSource.SecretName)],
        [typeof(V1KeyToPath)] = [nameof(V1KeyToPath.Key), nameof(V1KeyToPath.Path)],
        [typeof(V1PersistentVolumeClaimSpec)] =
            [nameof(V1PersistentVolumeClaimSpec.AccessModes), nameof(V1PersistentVolumeClaimSpec.Resources)],
        [typeof(V1SeccompProfile)] = [nameof(V1SeccompProfile.Type)],
        [typeof(V1PodAffinityTerm)] = [nameof(V1PodAffinityTerm.TopologyKey)],
        [typeof(V1WeightedPodAffinityTerm)] = [nameof(V1WeightedPodAffinityTerm.PodAffinityTerm)],
        [typeof(V1LabelSelectorRequirement)] =
            [nameof(V1LabelSelectorRequirement.Key), nameof(V1LabelSelectorRequirement.OperatorProperty)],
        [typeof(V2HorizontalPodAutoscalerSpec)] =
            [nameof(V2HorizontalPodAutoscalerSpec.ScaleTargetRef), nameof(V2HorizontalPodAutoscalerSpec.Metrics)],
        [typeof(V2CrossVersionObjectReference)] = [nameof(V2CrossVersionObjectReference.Kind), nameof(V2CrossVersionObjectReference.Name)],
        [typeof(V2MetricSpec)] = [nameof(V2MetricSpec.Type)],
        [typeof(V2ExternalMetricSource)] = [nameof(V2ExternalMetricSource.Metric), nameof(V2ExternalMetricSource.Target)],
        [typeof(V2MetricIdentifier)] = [nameof(V2MetricIdentifier.Name)],
        [typeof(V2MetricTarget)] = [nameof(V2MetricTarget.Type)],
        [typeof(V2HPAScalingPolicy)] = [nameof(V2HPAScalingPolicy.Type)],
    };

    private static readonly Dictionary<(Type Type, string Field), string[]> Words = new()
    {
        [(typeof(V1Container), nameof(V1Container.ImagePullPolicy))] = ["Always", "IfNotPresent", "Never"],
        // Of pods that a set or a deployment makes.
        [(typeof(V1PodSpec), nameof(V1PodSpec.RestartPolicy))] = ["Always"],
        [(typeof(V1StatefulSetSpec), nameof(V1StatefulSetSpec.PodManagementPolicy))] = ["OrderedReady", "Parallel"],
        [(typeof(V1ServiceSpec), nameof(V1ServiceSpec.Type))] = ["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"],
        [(typeof(V1ServicePort), nameof(V1ServicePort.Protocol))] = Protocols,
        [(typeof(V1ContainerPort), nameof(V1ContainerPort.Protocol))] = Protocols,
        [(typeof(V1NetworkPolicyPort), nameof(V1NetworkPolicyPort.Protocol))] = Protocols,
        [(typeof(V1NetworkPolicySpec), nameof(V1NetworkPolicySpec.PolicyTypes))] = ["Ingress", "Egress"],
        [(typeof(V1HTTPGetAction), nameof(V1HTTPGetAction.Scheme))] = ["HTTP", "HTTPS"],
        [(typeof(V1SeccompProfile), nameof(V1SeccompProfile.Type))] = ["RuntimeDefault", "Localhost", "Unconfined"],
        [(typeof(V1EmptyDirVolumeSource), nameof(V1EmptyDirVolumeSource.Medium))] = ["", "Memory"],
        [(typeof(V1PersistentVolumeClaimSpec), nameof(V1PersistentVolumeClaimSpec.AccessModes))] =
            ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"],
        [(typeof(V1LabelSelectorRequirement), nameof(V1LabelSelectorRequirement.OperatorProperty))] =
            ["In", "NotIn", "Exists", "DoesNotExist"],
        [(typeof(V2MetricSpec), nameof(V2MetricSpec.Type))] = ["Object", "Pods", "Resource", "ContainerResource", "External"],
        [(typeof(V2MetricTarget), nameof(V2MetricTarget.Type))] = ["Utilization", "Value", "AverageValue"],
        [(typeof(V2HPAScalingPolicy), nameof(V2HPAScalingPolicy.Type))] = ["Pods", "Percent"],
    };

    /// <summary>Looks at an object and all that it is made of.</summary>
    /// <exception cref="YamlException">Something is missing, or is none of the words that it may be.</exception>
    public static void Check(object? value)
    {
        if (value is IEnumerable items and not string)
        {
            foreach (var item in items)
                Check(item);
        }

        if (value is null || value.GetType() is not { Namespace: "k8s.Models", IsEnum: false } type
            || value is ResourceQuantity or IntOrString)
            return;
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetIndexParameters().Length == 0))
            Check(type, property, property.GetValue(value));
        switch (value)
        {
            case V1StatefulSetSpec set: RequireOwn(set.Selector, set.Template); break;
            case V1DeploymentSpec deployment: RequireOwn(deployment.Selector, deployment.Template); break;
            case V1PodDisruptionBudgetSpec { MinAvailable: null, MaxUnavailable: null }:
                throw new YamlException(
                "A disruption budget says how many must be there, or may not be.");
        }
    }

    private static void Check(Type type, PropertyInfo property, object? value)
    {
        var isNumber = property.PropertyType.IsPrimitive && property.PropertyType != typeof(bool);
        if (value is null or "" or ICollection { Count: 0 } || (isNumber && Convert.ToInt64(value, null) == 0))
        {
            if (isNumber || Required.GetValueOrDefault(type, []).Contains(property.Name))
                throw new YamlException($"{type.Name} has no {property.Name}.");
        }
        else if (Words.TryGetValue((type, property.Name), out var words)
            && (value as IEnumerable<string> ?? [(string)value]).FirstOrDefault(word => !words.Contains(word)) is { } wrong)
        {
            throw new YamlException($"{property.Name} of {type.Name} cannot be {wrong}.");
        }

        Check(value);
    }

    /// <summary>Else the API server refuses it: it would make pods without end that it does not know for its own.</summary>
    private static void RequireOwn(V1LabelSelector selector, V1PodTemplateSpec template)
    {
        if (selector.MatchLabels is not { Count: > 0 } labels || labels.Any(label => template.Metadata.Labels?.Contains(label) is not true))
            throw new YamlException("The selector does not select the template's own pods.");
    }
}
