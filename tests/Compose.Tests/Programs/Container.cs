using System.Globalization;
using System.Text.RegularExpressions;

namespace Actors.Compose.Tests.Programs;

/// <summary>One container of the cluster, and what is done to it.</summary>
/// <param name="Id">By which docker knows it.</param>
internal sealed partial record Container(string Id)
{
    /// <summary>What its program calls the machine that it is on.</summary>
    public string HostName => Id[..12];

    public Task KillAsync() => Docker("kill", Id);

    /// <summary>Stops it in the middle of everything, as a machine does that swaps or is moved.</summary>
    public Task PauseAsync() => Eventually.HoldsAsync("it is paused", 30, async () =>
    {
        try
        {
            await Docker("pause", Id);
            return true;
        }
        catch (CommandFailedException failure) when (failure.Message.Contains("unable to freeze", StringComparison.Ordinal))
        {
            // What has just started a process.
            return false;
        }
    });

    /// <summary>Lets it go on.</summary>
    public Task WakeAsync() => Docker("unpause", Id);

    /// <summary>What docker knows of it, by a template of Go's.</summary>
    public async Task<string> InspectAsync(string template) => (await Docker("inspect", "-f", template, Id)).Trim();

    public async Task<bool> IsHealthyAsync() => await InspectAsync("{{.State.Health.Status}}") == "healthy";

    /// <summary>Changes each time that it is started.</summary>
    public Task<string> StartedAsync() => InspectAsync("{{.State.StartedAt}}");

    public Task<string> AddressAsync() => InspectAsync("{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}");

    /// <summary>All that it has printed, with the time before each line.</summary>
    public Task<string> LogAsync() => Docker("logs", "-t", Id);

    /// <summary>The last that a coordinator has told its operator: of other coordinators, and of durable pools.</summary>
    public async Task<string> NewsAsync() => string.Join('\n', (await LogAsync()).Split('\n').Where(line => News().IsMatch(line)).TakeLast(12));

    /// <summary>How many completions it has refused since that time of the machine's clock.</summary>
    public async Task<int> RefusedSinceAsync(DateTimeOffset time) => Refused()
        .Matches(await Docker("logs", "--since", time.ToString("O", CultureInfo.InvariantCulture), Id))
        .Sum(match => int.Parse(match.Groups[1].ValueSpan, NumberStyles.AllowThousands, CultureInfo.InvariantCulture));

    /// <summary>It does not hear the other (any more); everybody else does.</summary>
    /// <param name="change"><c>-A</c> or <c>-D</c>.</param>
    /// <param name="other">Who is not heard.</param>
    public async Task SetDeafAsync(string change, string other) => await Command.RunAsync(
        "nsenter", "-t", await InspectAsync("{{.State.Pid}}"), "-n", "iptables", "-w", change, "INPUT", "-s", other, "-j", "DROP");

    private static Task<string> Docker(params IReadOnlyList<string> arguments) => Command.RunAsync("docker", arguments);

    [GeneratedRegex("^[^ ]+ (coordinator|durable pool) ")]
    private static partial Regex News();

    [GeneratedRegex("([0-9,]+) completions were refused")]
    private static partial Regex Refused();
}
