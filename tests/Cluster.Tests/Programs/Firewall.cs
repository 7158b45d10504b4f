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

    /// <summary>Why nobody can be cut off here; null where it is possible.</summary>
    public static string? Missing { get; } = Environment.IsPrivilegedProcess && new[] { Filter, "setpriv" }.All(IsThere)
        ? null
        : "It cuts programs off from one another: that needs the rights of root, iptables and setpriv.";

    /// <summary>A group that nobody else runs as.</summary>
    public static int NewGroup() => Random.Shared.Next(100_000, int.MaxValue);

    /// <summary>How a program is started as of a group.</summary>
    public static IReadOnlyList<string> RunAs(int group) => ["setpriv", "--regid", Text(group), "--clear-groups"];

    /// <summary>From now on nothing arrives of what the programs of the group send, not even that they have received something; until it is disposed of.</summary>
    public static IDisposable CutOff(int group)
    {
        Change("-I", group);
        return new Cut(group);
    }

    private static void Change(string how, int group)
    {
        using var run = Process.Start(Filter, ["-w", how, "OUTPUT", "-o", "lo", "-m", "owner", "--gid-owner", Text(group), "-j", "DROP"]);
        run.WaitForExit();
        Assert.Equal(0, run.ExitCode);
    }

    private static string Text(int group) => group.ToString(CultureInfo.InvariantCulture);

    private static bool IsThere(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(directory => File.Exists(Path.Combine(directory, program)));

    private sealed class Cut(int group) : IDisposable
    {
        public void Dispose() => Change("-D", group);
    }
}
