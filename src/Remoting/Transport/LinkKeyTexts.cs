using Actors.Remoting.Access;

namespace Actors.Remoting.Transport;

/// <summary>What is said when the keys of two programs differ.</summary>
internal static class LinkKeyTexts
{
    private static readonly string Remedy = $"give it the key, or name its file in {AccessKey.FileVariable}.";

    /// <summary>The kinds differ.</summary>
    /// <param name="own">Of this program.</param>
    /// <param name="peer">Of the other.</param>
    public static string DescribeDifferentKinds(LinkKeyKind own, LinkKeyKind peer) => (own, peer) switch
    {
        (LinkKeyKind.Configured, LinkKeyKind.None) => "it has no key, and this program has one.",
        (LinkKeyKind.Configured, _) => "it has only the key of its user, and this program has one of its own.",
        (_, LinkKeyKind.Configured) => $"it wants a key, and this program has none: {Remedy}",
        (LinkKeyKind.User, _) => $"it takes programs without a key, which this program does not: start both on the loopback address, or {Remedy}",
        _ => $"it takes programs of its own user only: start both on the loopback address, or {Remedy}",
    };

    /// <summary>Both have a key of the same kind, but not the same.</summary>
    public static string DescribeWrongKey(LinkKeyKind kind) => kind switch
    {
        LinkKeyKind.User => $"it runs as another user of this machine. Run both as the same user, or give both the same key (--key-file, or {AccessKey.FileVariable}).",
        LinkKeyKind.None => "the two see different certificates: something between them relays the connection.",
        _ => "it has another key.",
    };
}
