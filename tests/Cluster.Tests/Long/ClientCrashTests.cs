using System.Globalization;
using Actors.Cluster.Tests.Programs;

namespace Actors.Cluster.Tests.Long;

/// <summary>
/// A program crashes at each step between the start of a durable pool or queue of a cluster and the acknowledgment of a result. The
/// workers and the coordinator continue. The next run loses nothing, and no job runs again.
/// </summary>
public sealed class ClientCrashTests(ClientCrashTests.StoringCluster cluster) : IClassFixture<ClientCrashTests.StoringCluster>, IDisposable
{
    private readonly string _name = $"{Guid.NewGuid():N}";
    private readonly string _runs = Path.Combine(Path.GetTempPath(), $"runs-{Guid.NewGuid():N}");

    public static TheoryData<string, string, int> Cases => ClientCrash.Cases;

    public static TheoryData<string, int> QueueCases => QueueCrash.Cases;

    public static TheoryData<string, int> ToolCases => ToolCrash.Cases;

    [LongTheory(Timeout = Guard.Milliseconds)]
    [MemberData(nameof(Cases))]
    public async Task Pool_ProgramCrashes_NextRunHasTheResult(string kind, string step, int milliseconds)
    {
        var crashed = await RunAsync("crash", kind, _runs, step, milliseconds.ToString(CultureInfo.InvariantCulture));
        var known = crashed.FirstOrDefault(line => line.StartsWith("id ", StringComparison.Ordinal))?[3..] ?? "0";
        var recovered = await RunAsync("recover", kind, _runs, known);

        ClientCrash.Check(kind, step, crashed, recovered, ReadRuns(), endsWithClient: false);
    }

    [LongTheory(Timeout = Guard.Milliseconds)]
    [MemberData(nameof(QueueCases))]
    public async Task Queue_ProgramCrashes_NextRunHasTheItem(string step, int milliseconds)
    {
        var crashed = await RunAsync("crash-queue", step, milliseconds.ToString(CultureInfo.InvariantCulture));
        var recovered = await RunAsync("recover-queue", step);

        QueueCrash.Check(step, crashed, recovered);
    }

    [LongTheory(Timeout = Guard.Milliseconds)]
    [MemberData(nameof(ToolCases))]
    public async Task Tool_ProgramCrashes_NextRunHasItsChange(string step, int milliseconds)
    {
        var crashed = await RunAsync("crash-tool", _runs, step, milliseconds.ToString(CultureInfo.InvariantCulture));
        var recovered = await RunAsync("recover-tool", _runs, step, crashed[0][3..]);

        ToolCrash.Check(step, recovered, ReadRuns().Length, endsWithClient: false);
    }

    /// <inheritdoc/>
    public void Dispose() => File.Delete(_runs);

    private string[] ReadRuns() => File.Exists(_runs) ? File.ReadAllLines(_runs) : [];

    /// <returns>The output lines.</returns>
    private async Task<string[]> RunAsync(string command, params string[] arguments)
    {
        var program = cluster.Programs.Run(Builds.TestClient, [command, cluster.Programs.Address, _name, .. arguments]);
        var exit = await program.ExitAsync();
        if (command.StartsWith("crash", StringComparison.Ordinal))
            Assert.Contains("The test crashes this program", program.Errors, StringComparison.Ordinal);
        else
            Assert.True(exit == 0, program.Log);
        return program.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>A coordinator with a store, and a node, for all tests of the class.</summary>
    public sealed class StoringCluster : IAsyncLifetime
    {
        internal TestCluster Programs { get; } = new();

        public async Task InitializeAsync()
        {
            if (LongTests.Skip is not null)
                return;
            await Programs.StartCoordinatorAsync(withStore: true);
            await Programs.StartNodeAsync(2);
        }

        public async Task DisposeAsync() => await Programs.DisposeAsync();
    }
}
