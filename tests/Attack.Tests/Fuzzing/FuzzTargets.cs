using System.Runtime.Serialization;
using Actors.Messages.Bundles;
using Actors.Messages.Objects;
using Actors.Messages.Serialization;
using Actors.Remoting.Serialization;
using Actors.Remoting.Tests.Serialization;
using MemoryPack;

namespace Actors.Attack.Tests.Fuzzing;

/// <summary>All code that reads bytes of another process.</summary>
internal static class FuzzTargets
{
    public const string Wire = "wire:";
    public const string Stored = "stored:";

    public static IReadOnlyList<IFuzzTarget> All { get; } =
        [
            .. WireTargets(), .. StoredTargets(), .. FrameTargets.All, .. WorkerTargets.All, .. NodeTargets.All, .. PeerTargets.All,
            .. ValueTargets.All,
        ];

    /// <summary>Returns a target for each contract of <see cref="WireManifests"/>, including records of the durable store.</summary>
    private static IEnumerable<IFuzzTarget> WireTargets()
    {
        var serializer = new WireSerializer(null!);
        foreach (var type in WireManifests.Types)
        {
            var manifest = WireManifests.FindManifest(type)!;
            yield return new FuzzTarget<SerializationException>(
                $"{Wire}{manifest}", [serializer.ToBinary(Samples.Of(type))], bytes => serializer.FromBinary(bytes, manifest));
        }
    }

    /// <summary>Returns targets for contracts that are read outside a message.</summary>
    private static IEnumerable<IFuzzTarget> StoredTargets() =>
    [
        new FuzzTarget<SerializationException>(
            $"{Stored}manifest", [MemoryPackSerializer.Serialize((BundleManifest)Samples.Of(typeof(BundleManifest)))],
            bytes => PackedBytes.DeserializeContract<BundleManifest>(bytes)),
        new FuzzTarget<SerializationException>(
            $"{Stored}object", [MemoryPackSerializer.Serialize((DurableObjectSpec)Samples.Of(typeof(DurableObjectSpec)))],
            bytes => PackedBytes.DeserializeContract<DurableObjectSpec>(bytes)),
    ];
}
