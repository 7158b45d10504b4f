using Actors.Remoting.Access;

namespace Actors.Remoting.Transport;

/// <summary>The error messages for programs with different keys.</summary>
public static class LinkKeyTexts
{
    private const string KeySettings =
        $";KeyFile=FILE in a connection string, --key-file FILE on a command line, or {AccessKey.FileVariable}";

    private const string Remedy = $"name the file with the key ({KeySettings}).";

    /// <summary>Describes different kinds of keys.</summary>
    /// <param name="own">The kind of the key of this program.</param>
    /// <param name="peer">The kind of the key of the peer.</param>
    public static string DescribeDifferentKinds(LinkKeyKind own, LinkKeyKind peer) => (own, peer) switch
    {
        (LinkKeyKind.Configured, LinkKeyKind.None) => "it has no key, and this program has one.",
        (LinkKeyKind.Configured, _) => "it has only the key of its user, and this program has one of its own.",
        (_, LinkKeyKind.Configured) => $"it requires a key, and this program has none: {Remedy}",
        (LinkKeyKind.User, _) =>
            $"it accepts programs without a key, and this program does not: start both on the loopback address, or {Remedy}",
        _ => $"it accepts only programs of its own user: start both on the loopback address, or {Remedy}",
    };

    /// <summary>Describes a connection of an operator where one side has no operators' key.</summary>
    /// <param name="isOwnMissing">Whether the key of this program is missing.</param>
    /// <param name="own">The role of this program.</param>
    public static string DescribeMissingOperatorKey(bool isOwnMissing, LinkRole own) => isOwnMissing == (own == LinkRole.Operator)
        ? "this operation requires the operators' key: pass --operator-key-file."
        : "the coordinator has no operators' key: start it with --allow-chaos and --operator-key-file.";

    /// <summary>Describes different keys of the same kind.</summary>
    public static string DescribeWrongKey(LinkKeyKind kind) => kind switch
    {
        LinkKeyKind.User => "it runs as another user of this machine. "
            + $"Run both as the same user, or give both the same key ({KeySettings}).",
        LinkKeyKind.None => "the two see different certificates: something between them relays the connection.",
        _ => "it has another key.",
    };
}
