using System.Diagnostics;
using System.Globalization;

namespace Actors.Cluster.Tests.Programs;

/// <summary>
/// Cuts programs of this machine off from one another, as a network does that fails. It knows what a program sends by the group that the program runs as. Needs
/// the rights of root, iptables and setpriv.
/// </summary>
internal static class Firewall
{
    private const string Filter = "iptables";

    /// <summary>The headers of IP and TCP with all that may stand in them, in bytes: what is longer says something.</summary>
    private const int MostWithoutData = 20 + 60;

    /// <summary>Why nobody can be cut off here; null where it is possible.</summary>
    public static string? Missing { get; } = Environment.IsPrivilegedProcess && new[] { Filter, "setpriv" }.All(IsThere)
        ? null
        : "It cuts programs off from one another: that needs the rights of root, iptables and setpriv.";

    /// <summary>A group that nobody else runs as.</summary>
    public static int NewGroup() => Random.Shared.Next(100_000, int.MaxValue);

    /// <summary>How a program is started as of a group.</summary>
    public static IReadOnlyList<string> RunAs(int group) => ["setpriv", "--regid", Text(group), "--clear-groups"];

    /// <summary>From now on nothing arrives of what the programs of the group send, not even that they have received something; until it is disposed of.</summary>
    public static IDisposable CutOff(int group) => new Cut([[.. From(group), "-j", "DROP"]]);

    /// <summary>
    /// From now on the programs of the one group hear nothing of what those of the other say, whoever of them has connected; until it is disposed of. That something
    /// was received still arrives: else the deaf ones' own words would soon be held back too, and neither would hear the other.
    /// </summary>
    /// <param name="speaker">Who is not heard.</param>
    /// <param name="deaf">Who does not hear.</param>
    public static IDisposable Mute(int speaker, int deaf)
    {
        // Only the system that follows connections knows whose the other end of one is: whatever the deaf ones send marks theirs.
        var bit = $"0x{1 << Random.Shared.Next(31):x}";
        return new Cut(
        [
            [.. From(deaf), "-j", "CONNMARK", "--or-mark", bit],
            [.. From(speaker), "-m", "connmark", "--mark", $"{bit}/{bit}", "-m", "length", "--length", $"{MostWithoutData + 1}:65535", "-j", "DROP"],
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
