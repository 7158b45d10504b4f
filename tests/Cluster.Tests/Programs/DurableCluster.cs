namespace Actors.Cluster.Tests.Programs;

/// <summary>Three coordinators, two nodes with one worker each, and a durable pool that has run its first job.</summary>
internal sealed class DurableCluster : IAsyncDisposable
{
    private const string Here = "durable pool 'pool': runs here";

    private readonly List<JobHandle<Run>> _jobs = [];

    private DurableCluster(TestCluster programs, List<RoleProcess> coordinators, RoleProcess[] nodes, ProcessPool pool) =>
        (Programs, Coordinators, Nodes, Pool) = (programs, coordinators, nodes, pool);

    public TestCluster Programs { get; }

    public List<RoleProcess> Coordinators { get; }

    public RoleProcess[] Nodes { get; }

    public ProcessPool Pool { get; }

    /// <summary>The owner of the pool, if it has not moved.</summary>
    public RoleProcess Owner => Coordinators.Single(HasThePool);

    /// <summary>The last owner of the pool.</summary>
    public RoleProcess LastOwner => Coordinators.Where(HasThePool).MaxBy(coordinator => coordinator.LastSaid(Here))!;

    public static async Task<DurableCluster> StartAsync(bool canBeCut = false)
    {
        var programs = new TestCluster { CanBeCut = canBeCut };
        try
        {
            var coordinators = await programs.StartCoordinatorsAsync(3);
            var nodes = await Task.WhenAll(programs.StartNodeAsync(1), programs.StartNodeAsync(1));
            var pool = await ProcessPool.StartAsync(
                connect: programs.Address, options: new PoolOptions { DurableName = "pool", ReconnectFor = TimeSpan.FromMinutes(5) });
            var durable = new DurableCluster(programs, coordinators, nodes, pool);
            await programs.DoneAsync(durable.Submit(1)[0]);
            return durable;
        }
        catch
        {
            await programs.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether the coordinator owns or owned the pool.</summary>
    public static bool HasThePool(RoleProcess coordinator) => coordinator.Output.Contains(Here, StringComparison.Ordinal);

    /// <summary>Submits short jobs.</summary>
    public IReadOnlyList<JobHandle<Run>> Submit(int count, int milliseconds = 1)
    {
        var first = _jobs.Count;
        _jobs.AddRange(Enumerable.Range(first, count).Select(index => Pool.ApplyAsync(Functions.Work, index, milliseconds)));
        return _jobs[first..];
    }

    /// <summary>Checks that every submitted job ends with its own result.</summary>
    public async Task RequireAllDoneAsync()
    {
        for (var index = 0; index < _jobs.Count; index++)
            Assert.Equal(index, (await Programs.DoneAsync(_jobs[index])).Index);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Pool.DisposeAsync();
        await Programs.DisposeAsync();
    }
}
