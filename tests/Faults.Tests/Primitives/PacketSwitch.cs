using System.Diagnostics;
using System.Globalization;

namespace Actors.Faults.Tests.Primitives;

/// <summary>A switch as a program, which delays, drops, repeats and reorders packets. Disposing ends it.</summary>
internal sealed class PacketSwitch : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("switch-");
    private readonly Process _process;
    private readonly Action _restore;

    /// <param name="prefix">The command that starts a program in the namespace of the ports.</param>
    /// <param name="ports">The ports.</param>
    /// <param name="seed">The seed of its random decisions.</param>
    /// <param name="restore">Gives the ports to the kernel's switch again.</param>
    public PacketSwitch(string[] prefix, string[] ports, int seed, Action restore)
    {
        _restore = restore;
        SetFaults(new LinkFaults());
        string[] command =
        [
            .. prefix, "python3", Path.Combine(AppContext.BaseDirectory, "Tools", "packet-switch.py"), RulesFile,
            seed.ToString(CultureInfo.InvariantCulture), .. ports,
        ];
        _process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true })!;
        // It is ready when it has printed a line.
        if (_process.StandardOutput.ReadLine() is null)
            throw new InvalidOperationException("The packet switch has not started.");
    }

    private string RulesFile => Path.Combine(_directory.FullName, "rules");

    /// <summary>Fails if this machine cannot run the switch.</summary>
    public static void Probe()
    {
        using var network = new FaultNetwork(1);
        using var packets = network.StartPacketSwitch(seed: 1);
        if (!network.CanReach(1))
            throw new InvalidOperationException("The packet switch does not forward packets.");
        packets.SetFaults(new LinkFaults { Loss = 1 });
        // The switch looks for new rules every 50 ms.
        Guard.UntilAsync(() => !network.CanReach(1)).GetAwaiter().GetResult();
    }

    /// <summary>Sets the faults of all links from now on.</summary>
    public void SetFaults(LinkFaults faults)
    {
        var written = RulesFile + ".new";
        File.WriteAllText(written, string.Create(
            CultureInfo.InvariantCulture, $"{faults.DelayMilliseconds} {faults.JitterMilliseconds} {faults.Loss} {faults.Duplication}"));
        File.Move(written, RulesFile, overwrite: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _restore();
        _directory.Delete(recursive: true);
    }
}

/// <summary>The faults of all links of a <see cref="PacketSwitch"/>.</summary>
internal sealed record LinkFaults
{
    /// <summary>Gets the delay of each packet, in milliseconds.</summary>
    public int DelayMilliseconds { get; init; }

    /// <summary>Gets the highest additional random delay, in milliseconds. Packets overtake each other.</summary>
    public int JitterMilliseconds { get; init; }

    /// <summary>Gets the probability that a packet is lost.</summary>
    public double Loss { get; init; }

    /// <summary>Gets the probability that a packet is delivered twice.</summary>
    public double Duplication { get; init; }
}
