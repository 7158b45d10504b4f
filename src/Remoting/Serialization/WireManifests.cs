using System.Buffers;
using System.Text;
using Actors.Messages;
using Actors.Remoting.Transport;

namespace Actors.Remoting.Serialization;

/// <summary>Finds the contracts on the wire by their short names, and the roles that may send them.</summary>
public static class WireManifests
{
    private static readonly Dictionary<Type, string> ByType = WireContracts.All.ToDictionary(
        contract => contract.Type, contract => contract.Name);
    private static readonly Dictionary<string, Type> ByManifest = WireContracts.All.ToDictionary(
        contract => contract.Name, contract => contract.Type);
    private static readonly Dictionary<string, PermittedSenders> SendersByManifest = WireContracts.All.ToDictionary(
        contract => contract.Name, contract => contract.Senders);
    private static readonly int LongestManifest = WireContracts.All.Max(contract => contract.Name.Length);

    /// <summary>All contracts.</summary>
    public static IReadOnlyCollection<Type> Types => ByType.Keys;

    public static string? FindManifest(Type type) => ByType.GetValueOrDefault(type);

    public static Type? FindType(string manifest) => ByManifest.GetValueOrDefault(manifest);

    /// <summary>Whether programs of a role may send the contract that a manifest names. No role may send an unknown one.</summary>
    public static bool MaySend(LinkRole role, ReadOnlySpan<byte> manifest)
    {
        Span<char> name = stackalloc char[LongestManifest];
        return manifest.Length <= name.Length
            && Ascii.ToUtf16(manifest, name, out var length) == OperationStatus.Done
            && SendersByManifest.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name[..length], out var senders)
            && role switch
            {
                LinkRole.Coordinator => true,
                LinkRole.Client => (senders & PermittedSenders.Client) != 0,
                LinkRole.Node => (senders & PermittedSenders.Node) != 0,
                LinkRole.Operator => (senders & PermittedSenders.Operator) != 0,
                _ => false,
            };
    }
}
