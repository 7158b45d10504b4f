using System.Diagnostics;
using System.Globalization;

namespace Actors.Cluster.Tests.Programs;

/// <summary>
/// Cuts programs of this machine off from one another, as a network failure does. It recognizes the packets of a program by its group.
/// Needs root, iptables and setpriv.
/// </summary>
internal static class Firewall
{
    private const string Filter = "iptables";

    /// <summary>The largest IP and TCP headers in bytes. A longer packet carries data.</summary>
    private const int MostWithoutData = 20 + 60;

    /// <summary>The reason why the firewall cannot be used. Null if it can.</summary>
    public static string? Missing { get; } = Environment.IsPrivilegedProcess && new[] { Filter, "setpriv" }.All(IsThere)
        ? null
        : "It cuts programs off from one another: that needs the rights of root, iptables and setpriv.";

    /// <summary>Creates a group that no other program runs as.</summary>
    public static int NewGroup() => Random.Shared.Next(100_000, int.MaxValue);

    /// <summary>Gets the command that starts a program in a group.</summary>
    public static IReadOnlyList<string> RunAs(int group) => ["setpriv", "--regid", Text(group), "--clear-groups"];

    /// <summary>Drops all packets of the programs of a group, including acknowledgments, until it is disposed.</summary>
    public static IDisposable CutOff(int group) => new Cut([[.. From(group), "-j", "DROP"]]);

    /// <summary>
    /// Drops the data that one group sends to another, in either direction of connecting, until it is disposed. Acknowledgments still pass:
    /// otherwise the data of the other direction would soon stop too.
    /// </summary>
    /// <param name="speaker">The group whose data is dropped.</param>
    /// <param name="deaf">The group that does not receive it.</param>
    public static IDisposable Mute(int speaker, int deaf)
    {
        // Connection tracking knows the group at the other end: packets of the deaf group mark their connections.
        var bit = $"0x{1 << Random.Shared.Next(31):x}";
        return new Cut(
        [
            [.. From(deaf), "-j", "CONNMARK", "--or-mark", bit],
            [.. From(speaker), "-m", "connmark", "--mark", $"{bit}/{bit}", "-m", "length", "--length", $"{MostWithoutData + 1}:65535", "-j",
                "DROP"],
        ]);
    }

    private static string[] From(int group) => ["-o", "lo", "-m", "owner", "--gid-owner", Text(group)];

    private static void Change(string how, string[] rule)
    {
        using var run = Process.Start(Filter, ["-w", how, "OUTPUT", .. rule]);
        run.WaitForExit();
        Assert.Equal(0, run.ExitCode);
    }

    private static string Text(int group) => group.ToString(CultureInfo.InvariantCulture);

    private static bool IsThere(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(directory => File.Exists(Path.Combine(directory, program)));

    private sealed class Cut : IDisposable
    {
        private readonly string[][] _rules;

        public Cut(string[][] rules)
        {
            _rules = rules;
            foreach (var rule in rules)
                Change("-I", rule);
        }

        public void Dispose()
        {
            foreach (var rule in _rules)
                Change("-D", rule);
        }
    }
}
