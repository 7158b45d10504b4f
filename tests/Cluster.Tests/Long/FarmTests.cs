using System.Diagnostics;
using Actors.Cluster.Tests.Programs;
using Xunit.Abstractions;

namespace Actors.Cluster.Tests.Long;

/// <summary>Several programs of two builds in one durable pool: each job ends once, for its submitter.</summary>
public sealed class FarmTests : IAsyncLifetime
{
    private const int Programs = 3;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("farm-");
    private readonly ITestOutputHelper _output;
    private TestCluster _cluster = new();
    private PostgresServer? _server;
    private List<RoleProcess> _coordinators = [];
    private string _newBuild = "";

    public FarmTests(ITestOutputHelper output) => _output = output;

    public Task InitializeAsync()
    {
        _newBuild = Builds.MakeNewBuild(Path.Combine(_directory.FullName, "build"));
        Directory.CreateDirectory(Records);
        return Task.CompletedTask;
    }

    private async Task StartClusterAsync()
    {
        _coordinators = await _cluster.StartCoordinatorsAsync(3);
        await Task.WhenAll(_cluster.StartNodeAsync(2), _cluster.StartNodeAsync(2));
    }

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _server?.Dispose();
        _directory.Delete(recursive: true);
    }

    private string Records => Path.Combine(_directory.FullName, "records");

    [LongFact(Timeout = 6 * Guard.Milliseconds)]
    public Task ThreePrograms_OneAndACoordinatorKilled_EachJobEndsOnce() => RunThreeProgramsAsync();

    [PostgresFact(Timeout = 6 * Guard.Milliseconds)]
    public async Task ThreePrograms_StoreIsPostgres_EachJobEndsOnce()
    {
        _server = new PostgresServer();
        _cluster = new TestCluster { StoreOptions = ["--postgres-file", _server.ConnectionFile] };
        await RunThreeProgramsAsync();
    }

    private async Task RunThreeProgramsAsync()
    {
        const int Jobs = 5_000;
        await StartClusterAsync();
        var clock = Stopwatch.StartNew();
        var programs = Enumerable.Range(0, Programs).Select(index => Start(index * Jobs, Jobs, isNewBuild: index == 2)).ToList();
        await Task.WhenAll(programs.Select(program => program.SaysAsync(FarmProgram.Progress, longest: Longest)));

        programs[0].Kill();
        await programs[0].ExitAsync();
        programs[0] = Start(0, Jobs, isNewBuild: false);
        _coordinators.Last(DurableCluster.HasThePool).Kill();

        foreach (var program in programs)
            await program.SaysAsync($"{FarmProgram.Right}{Jobs}", longest: Longest);
        RequireEachOnce(Programs * Jobs);
        _output.WriteLine($"{Programs * Jobs} jobs of three programs in {clock.Elapsed.TotalSeconds:0.0} s.");
    }

    /// <summary>
    /// A deployment replaces the programs one by one in the middle of their work: two are asked to stop, one is killed, and meanwhile the
    /// owner of the pool is killed. The new build submits the same keys. The unfinished jobs of the old build run beside its own.
    /// </summary>
    [LongFact(Timeout = 12 * Guard.Milliseconds)]
    public async Task RollingDeployment_HundredThousandJobs_EachJobEndsOnce()
    {
        const int Jobs = 34_000;
        await StartClusterAsync();
        var clock = Stopwatch.StartNew();
        var programs = Enumerable.Range(0, Programs).Select(index => Start(index * Jobs, Jobs, isNewBuild: false)).ToList();
        for (var index = 0; index < Programs; index++)
        {
            await programs[index].SaysAsync(FarmProgram.Progress, 3 * (index + 1), Longest);
            await StopAsync(programs[index], isKilled: index == 1);
            programs[index] = Start(index * Jobs, Jobs, isNewBuild: true);
            if (index == 1)
                _coordinators.Last(DurableCluster.HasThePool).Kill();
        }

        foreach (var program in programs)
            await program.SaysAsync($"{FarmProgram.Right}{Jobs}", longest: Longest);
        RequireEachOnce(Programs * Jobs);
        _output.WriteLine($"{Programs * Jobs} jobs of six programs in {clock.Elapsed.TotalSeconds:0.0} s.");
    }

    private static async Task StopAsync(RoleProcess program, bool isKilled)
    {
        if (isKilled)
            program.Kill();
        else
            program.Terminate();
        await program.ExitAsync();
        Assert.DoesNotContain(FarmProgram.Right, program.Output, StringComparison.Ordinal);
        Assert.True(isKilled || program.Output.Contains(FarmProgram.Stopped, StringComparison.Ordinal), program.Log);
    }

    private RoleProcess Start(int first, int count, bool isNewBuild) => _cluster.Run(
        isNewBuild ? _newBuild : "Actors.Cluster.Tests.dll", _cluster.Address, "farm", Records, $"{first}", $"{count}");

    /// <summary>Checks that each job has run, and that each key has had one job, also for a program that was started twice.</summary>
    private void RequireEachOnce(int jobs)
    {
        var files = Directory.GetFiles(Records);
        var ran = files.Where(file => !IsOfIds(file)).SelectMany(File.ReadLines).Select(int.Parse).ToList();
        var ids = files.Where(IsOfIds).SelectMany(File.ReadLines).Distinct().ToList();

        Assert.Equal(Enumerable.Range(0, jobs), ran.Distinct().Order());
        Assert.Equal(jobs, ids.Count);
        Assert.Equal(jobs, ids.Select(line => line.Split(' ')[1]).Distinct().Count());
        _output.WriteLine($"{ran.Count - jobs} of {jobs} jobs ran again.");
    }

    private static bool IsOfIds(string file) => Path.GetFileName(file).StartsWith("ids-", StringComparison.Ordinal);
}
