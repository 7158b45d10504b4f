using System.Net.Sockets;

namespace Actors.Faults.Tests.Primitives;

/// <summary>
/// Machines of a network: a namespace with an address of its own for each, and a switch in another namespace. This process is a machine of
/// the network too, with number 0. Removed on disposal.
/// </summary>
internal sealed class FaultNetwork : IDisposable
{
    /// <summary>The number of this process, whose links cannot be cut by <see cref="CutOff"/>.</summary>
    public const int Here = 0;

    private readonly string _name = $"af{Random.Shared.Next(0x10000):x4}";
    private readonly int _subnet = Random.Shared.Next(256);
    private readonly int _machines;

    /// <param name="machines">The number of machines besides this process, numbered from 1.</param>
    public FaultNetwork(int machines)
    {
        _machines = machines;
        try
        {
            CreateSwitch();
            for (var machine = 0; machine <= machines; machine++)
                Connect(machine);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private string Switch => $"{_name}-sw";

    /// <summary>The ports of the switch, in the order of the machines.</summary>
    private IEnumerable<string> SwitchPorts => Enumerable.Range(0, _machines + 1).Select(machine => $"{_name}p{machine}");

    /// <summary>Fails if this machine has no such networks.</summary>
    public static void Probe()
    {
        using var network = new FaultNetwork(1);
        if (!network.CanReach(1))
            throw new InvalidOperationException("A machine of the network cannot be reached.");
        using (network.CutOff(1))
        {
            if (network.CanReach(1))
                throw new InvalidOperationException("iptables does not drop packets.");
        }

        network.ResetConnections(1);
    }

    /// <summary>Returns whether packets reach a machine and come back: it refuses a connection.</summary>
    public bool CanReach(int machine)
    {
        const int ClosedPort = 9;
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            return socket.ConnectAsync(AddressOf(machine), ClosedPort).Wait(TimeSpan.FromSeconds(2));
        }
        catch (AggregateException exception) when (
            exception.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
        {
            return true;
        }
    }

    /// <summary>Gets the address of a machine.</summary>
    public string AddressOf(int machine) => FormattableString.Invariant($"10.231.{_subnet}.{(machine == Here ? 100 : machine)}");

    /// <summary>Gets the command that starts a program on a machine.</summary>
    public string[] RunOn(int machine) => ["ip", "netns", "exec", NamespaceOf(machine)];

    /// <summary>Cuts a machine off from all others, in both directions, until the result is disposed.</summary>
    public IDisposable CutOff(int machine) => new Rules(
        this, machine, [["INPUT", "-i", "eth0", "-j", "DROP"], ["OUTPUT", "-o", "eth0", "-j", "DROP"]]);

    /// <summary>Drops the packets from one machine to another until the result is disposed. The other direction works.</summary>
    public IDisposable CutOneWay(int from, int to) => new Rules(this, to, [["INPUT", "-s", AddressOf(from), "-j", "DROP"]]);

    /// <summary>Resets all connections of a machine with others.</summary>
    public void ResetConnections(int machine) =>
        Command.Run("ip", "netns", "exec", NamespaceOf(machine), "ss", "-K", "dst", FormattableString.Invariant($"10.231.{_subnet}.0/24"));

    /// <summary>Replaces the switch, until the result is disposed, by one that delays, drops, repeats and reorders packets.</summary>
    public PacketSwitch StartPacketSwitch(int seed)
    {
        ConnectPorts("nomaster", "promisc", "on");
        return new PacketSwitch(
            ["ip", "netns", "exec", Switch], [.. SwitchPorts], seed, restore: () => ConnectPorts("master", "br0", "promisc", "off"));
    }

    private void ConnectPorts(params string[] options)
    {
        foreach (var port in SwitchPorts)
            Command.Run("ip", ["-n", Switch, "link", "set", port, .. options]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Command.TryRun("ip", "link", "del", _name);
        for (var machine = 1; machine <= _machines; machine++)
            Command.TryRun("ip", "netns", "del", NamespaceOf(machine));
        Command.TryRun("ip", "netns", "del", Switch);
    }

    private string NamespaceOf(int machine) => $"{_name}-{machine}";

    private void CreateSwitch()
    {
        Command.Run("ip", "netns", "add", Switch);
        Command.Run("ip", "-n", Switch, "link", "add", "br0", "type", "bridge");
        Command.Run("ip", "-n", Switch, "link", "set", "br0", "up");
    }

    private void Connect(int machine)
    {
        var port = $"{_name}p{machine}";
        if (machine == Here)
        {
            Command.Run("ip", "link", "add", _name, "type", "veth", "peer", "name", port, "netns", Switch);
            Command.Run("ip", "addr", "add", $"{AddressOf(machine)}/24", "dev", _name);
            Command.Run("ip", "link", "set", _name, "up");
        }
        else
        {
            var own = NamespaceOf(machine);
            Command.Run("ip", "netns", "add", own);
            Command.Run("ip", "-n", own, "link", "add", "eth0", "type", "veth", "peer", "name", port, "netns", Switch);
            Command.Run("ip", "-n", own, "addr", "add", $"{AddressOf(machine)}/24", "dev", "eth0");
            Command.Run("ip", "-n", own, "link", "set", "eth0", "up");
            Command.Run("ip", "-n", own, "link", "set", "lo", "up");
        }

        Command.Run("ip", "-n", Switch, "link", "set", port, "master", "br0", "up");
    }

    private sealed class Rules : IDisposable
    {
        private readonly FaultNetwork _network;
        private readonly int _machine;
        private readonly string[][] _rules;

        public Rules(FaultNetwork network, int machine, string[][] rules)
        {
            (_network, _machine, _rules) = (network, machine, rules);
            foreach (var rule in rules)
                Change("-I", rule);
        }

        public void Dispose()
        {
            foreach (var rule in _rules)
                Change("-D", rule);
        }

        private void Change(string how, string[] rule) =>
            Command.Run("ip", ["netns", "exec", _network.NamespaceOf(_machine), "iptables", "-w", how, .. rule]);
    }
}
