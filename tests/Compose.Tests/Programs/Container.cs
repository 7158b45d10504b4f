using System.Globalization;
using System.Text.RegularExpressions;

namespace Actors.Compose.Tests.Programs;

/// <summary>One container of the cluster and its faults.</summary>
/// <param name="Id">The id in docker.</param>
internal sealed partial record Container(string Id)
{
    /// <summary>Gets the host name inside the container.</summary>
    public string HostName => Id[..12];

    public Task KillAsync() => Docker("kill", Id);

    /// <summary>Suspends all processes of the container, as when a machine swaps or migrates.</summary>
    public Task PauseAsync() => Eventually.HoldsAsync("the container is paused", 30, async () =>
    {
        try
        {
            await Docker("pause", Id);
            return true;
        }
        catch (CommandFailedException failure) when (failure.Message.Contains("unable to freeze", StringComparison.Ordinal))
        {
            // Docker cannot freeze a container that is starting a process.
            return false;
        }
    });

    /// <summary>Resumes the processes.</summary>
    public Task ResumeAsync() => Docker("unpause", Id);

    /// <summary>Returns a property of the container by a Go template of <c>docker inspect</c>.</summary>
    public async Task<string> InspectAsync(string template) => (await Docker("inspect", "-f", template, Id)).Trim();

    public async Task<bool> IsHealthyAsync() => await InspectAsync("{{.State.Health.Status}}") == "healthy";

    /// <summary>Returns the time of the last start.</summary>
    public Task<string> StartedAsync() => InspectAsync("{{.State.StartedAt}}");

    /// <summary>Returns the addresses of the container, one for each of its networks.</summary>
    public async Task<IReadOnlyList<string>> AddressesAsync() =>
        (await InspectAsync("{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}")).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Returns all output of the container with a time before each line.</summary>
    public Task<string> LogAsync() => Docker("logs", "-t", Id);

    /// <summary>Returns the last log lines of a coordinator about other coordinators and durable pools.</summary>
    public async Task<string> ReadEventsAsync() =>
        string.Join('\n', (await LogAsync()).Split('\n').Where(line => EventLine().IsMatch(line)).TakeLast(12));

    /// <summary>Returns the number of completions that the store refused since a time of the system clock.</summary>
    public async Task<int> RefusedSinceAsync(DateTimeOffset time) => Refused()
        .Matches(await LogSinceAsync(time))
        .Sum(match => int.Parse(match.Groups[1].ValueSpan, NumberStyles.AllowThousands, CultureInfo.InvariantCulture));

    /// <summary>Returns the number of nodes that a coordinator lost since a time of the system clock.</summary>
    public async Task<int> LostNodesSinceAsync(DateTimeOffset time) => LostNode().Count(await LogSinceAsync(time));

    /// <summary>Adds or removes firewall rules that drop packets from one other container.</summary>
    /// <param name="change"><c>-A</c> to add the rules, <c>-D</c> to remove them.</param>
    /// <param name="others">The addresses of the other container.</param>
    public async Task ChangeDropRulesAsync(string change, IReadOnlyList<string> others)
    {
        var process = await InspectAsync("{{.State.Pid}}");
        foreach (var other in others)
            await Command.RunAsync("nsenter", "-t", process, "-n", "iptables", "-w", change, "INPUT", "-s", other, "-j", "DROP");
    }

    private Task<string> LogSinceAsync(DateTimeOffset time) =>
        Docker("logs", "--since", time.ToString("O", CultureInfo.InvariantCulture), Id);

    private static Task<string> Docker(params IReadOnlyList<string> arguments) => Command.RunAsync("docker", arguments);

    [GeneratedRegex("^[^ ]+ (coordinator|durable pool) ")]
    private static partial Regex EventLine();

    [GeneratedRegex("([0-9,]+) completions were refused")]
    private static partial Regex Refused();

    [GeneratedRegex("worker node [^ ]+ was removed")]
    private static partial Regex LostNode();
}
