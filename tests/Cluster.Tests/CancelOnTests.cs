using Actors.Cluster.Tests.Long;
using Actors.Cluster.Tests.Programs;

namespace Actors.Cluster.Tests;

/// <summary>Events of a cluster that cancel a running job before its worker is ended.</summary>
public sealed class CancelOnTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("cancel-");

    private string ReasonPath => Path.Combine(_directory.FullName, "reason");

    /// <inheritdoc/>
    public void Dispose() => _directory.Delete(recursive: true);

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Drain_JobObservesItsToken_RunsAgainOnAnotherNodeWithoutALostAttempt()
    {
        await using var cluster = new TestCluster();
        await cluster.StartCoordinatorAsync();
        var node = await cluster.StartNodeAsync(1);
        var options = new PoolOptions { CancelOn = CancellationTriggers.Drain, CancellationGrace = TimeSpan.FromMinutes(10) };
        await using var pool = await ProcessPool.StartAsync(connect: cluster.Address, options: options);
        var job = pool.ApplyAsync(Functions.MoveAtCancellation, _directory.FullName);
        await Guard.UntilAsync(() => File.Exists(Path.Combine(_directory.FullName, "began")));
        await cluster.StartNodeAsync(1);

        node.Terminate();

        Assert.Equal(0, await node.ExitAsync());
        Assert.Equal("Drain, attempt 1", await cluster.DoneAsync(job));
        Assert.Equal(1, job.Attempts);
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Drain_JobIgnoresItsToken_IsKilledAfterTheGraceAndRunsAgain()
    {
        await using var cluster = new TestCluster();
        await cluster.StartCoordinatorAsync();
        var node = await cluster.StartNodeAsync(1);
        var options = new PoolOptions { CancelOn = CancellationTriggers.Drain, CancellationGrace = TimeSpan.FromMilliseconds(100) };
        await using var pool = await ProcessPool.StartAsync(connect: cluster.Address, options: options);
        var began = Path.Combine(_directory.FullName, "began-0");
        var job = pool.ApplyAsync(Functions.AwaitWord, _directory.FullName, 0);
        await Guard.UntilAsync(() => File.Exists(began));
        await cluster.StartNodeAsync(1);
        File.Delete(began);

        node.Terminate();

        Assert.Equal(0, await node.ExitAsync());
        await Guard.UntilAsync(() => File.Exists(began));
        await File.WriteAllTextAsync(Path.Combine(_directory.FullName, "go"), "");
        Assert.Equal(0, await cluster.DoneAsync(job));
        Assert.Equal(1, job.Attempts);
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task ClientDisconnected_ProgramIsKilled_JobLearnsIt()
    {
        await using var cluster = new TestCluster();
        await cluster.StartCoordinatorAsync();
        await cluster.StartNodeAsync(1);
        var client = cluster.Run("Actors.Cluster.Tests.dll", cluster.Address, "cancel", _directory.FullName);
        await Guard.UntilAsync(() => File.Exists(Path.Combine(_directory.FullName, "began")));

        client.Kill();

        await Guard.UntilAsync(() => File.Exists(ReasonPath) && File.ReadAllText(ReasonPath) == "ClientDisconnected");
        await Guard.UntilAsync(() => cluster.Executors().Count == 0);
    }
}
