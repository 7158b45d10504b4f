using System.Globalization;
using System.Net;
using Actors.Testing;

namespace Actors.Compose.Tests.Programs;

/// <summary>A program in a container as the target of an attack.</summary>
/// <param name="Container">The container.</param>
/// <param name="Host">An address in the networks of the containers.</param>
/// <param name="Port">The listening port.</param>
/// <param name="Processes">The ids of all processes of the container on this machine.</param>
internal sealed record AttackedProgram(Container Container, string Host, int Port, IReadOnlyList<int> Processes)
{
    /// <summary>The process of the program, which is larger than its init process and its workers.</summary>
    public int ProcessId => Processes.MaxBy(ProcessStatus.ResidentBytes);

    /// <summary>Finds the address and the processes of a container's program.</summary>
    public static async Task<AttackedProgram> FindAsync(Container container)
    {
        var process = int.Parse(await container.InspectAsync("{{.State.Pid}}"), CultureInfo.InvariantCulture);
        return new AttackedProgram(container, (await container.AddressesAsync())[0], FindPort(process), [.. ListDescendants(process)]);
    }

    private static IEnumerable<int> ListDescendants(int process) => File.ReadAllText($"/proc/{process}/task/{process}/children")
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(child => int.Parse(child, CultureInfo.InvariantCulture))
        .SelectMany(ListDescendants)
        .Prepend(process);

    /// <summary>
    /// Reads the control port from the socket table of the container. The data port of a coordinator, which other machines can reach
    /// too, is greater in the compose file.
    /// </summary>
    private static int FindPort(int process) => ListeningSockets.Find(process)
        .Where(socket => !IPAddress.IsLoopback(socket.Address)).Min(socket => socket.Port);
}
