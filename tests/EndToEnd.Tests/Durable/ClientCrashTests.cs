using System.Globalization;
using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests.Durable;

/// <summary>
/// A program crashes at each step between the start of a durable pool or queue in its store and the acknowledgment of a result. Its
/// workers and its coordinator end with it. The next run loses nothing.
/// </summary>
public sealed class ClientCrashTests : IDisposable
{
    private readonly DurablePool _durable = new();
    private readonly TempFile _runs = new();

    public static TheoryData<string, string, int> Cases => ClientCrash.Cases;

    public static TheoryData<string, int> QueueCases => QueueCrash.Cases;

    public static TheoryData<string, int> ToolCases => ToolCrash.Cases;

    [LongTheory]
    [MemberData(nameof(Cases))]
    public async Task Pool_ProgramCrashes_NextRunHasTheResult(string kind, string step, int milliseconds)
    {
        var crashed = await RunAsync(
            "crash", _durable.Path, "pool", kind, _runs.Path, step, milliseconds.ToString(CultureInfo.InvariantCulture));
        var known = crashed.FirstOrDefault(line => line.StartsWith("id ", StringComparison.Ordinal))?[3..] ?? "0";
        var recovered = await RunAsync("recover", _durable.Path, "pool", kind, _runs.Path, known);

        ClientCrash.Check(kind, step, crashed, recovered, ReadRuns(), endsWithClient: true);
    }

    [LongTheory]
    [MemberData(nameof(QueueCases))]
    public async Task Queue_ProgramCrashes_NextRunHasTheItem(string step, int milliseconds)
    {
        var crashed = await RunAsync("crash-queue", _durable.Path, "queue", step, milliseconds.ToString(CultureInfo.InvariantCulture));
        var recovered = await RunAsync("recover-queue", _durable.Path, "queue", step);

        QueueCrash.Check(step, crashed, recovered);
    }

    [LongTheory]
    [MemberData(nameof(ToolCases))]
    public async Task Tool_ProgramCrashes_NextRunHasItsChange(string step, int milliseconds)
    {
        var crashed = await RunAsync(
            "crash-tool", _durable.Path, "pool", _runs.Path, step, milliseconds.ToString(CultureInfo.InvariantCulture));
        var recovered = await RunAsync("recover-tool", _durable.Path, "pool", _runs.Path, step, crashed[0][3..]);

        ToolCrash.Check(step, recovered, ReadRuns().Length, endsWithClient: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _durable.Dispose();
        _runs.Dispose();
    }

    private string[] ReadRuns() => File.Exists(_runs.Path) ? File.ReadAllLines(_runs.Path) : [];

    /// <returns>The output lines.</returns>
    private static async Task<string[]> RunAsync(params string[] arguments)
    {
        using var program = ClientProgram.StartTestClient(arguments);
        var errors = program.Error.ReadToEndAsync();
        var output = await program.Output.ReadToEndAsync().Soon();
        await program.ExitAsync();
        if (arguments[0].StartsWith("crash", StringComparison.Ordinal))
            Assert.Contains("The test crashes this program", await errors.Soon(), StringComparison.Ordinal);
        else
            Assert.True(program.ExitCode == 0, await errors.Soon());
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
