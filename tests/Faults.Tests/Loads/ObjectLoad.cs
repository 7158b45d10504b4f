namespace Actors.Faults.Tests.Loads;

/// <summary>
/// Uses managed objects from several workers and from this process, again and again with new objects, and checks each history.
/// </summary>
internal sealed class ObjectLoad
{
    /// <summary>The runs of one round in this process, and those in workers.</summary>
    private const int Runs = 2;

    private const int BarrierRounds = 20;
    private const int Milliseconds = 3000;

    /// <summary>The longest time of a round, including the loss of its coordinator.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    private readonly string _address;
    private readonly ProcessPool _pool;
    private readonly string _directory;
    private readonly CancellationTokenSource _stopped = new();
    private readonly Random _random;
    private Task _rounds = Task.CompletedTask;
    private int _steps;
    private int _deadRuns;

    private ObjectLoad(string address, ProcessPool pool, string directory, int seed) =>
        (_address, _pool, _directory, _random) = (address, pool, directory, new Random(seed));

    /// <summary>Gets the number of rounds whose objects lived to the end.</summary>
    public int Completed { get; private set; }

    /// <summary>Gets the number of rounds whose coordinator was lost.</summary>
    public int Lost { get; private set; }

    /// <summary>Starts the rounds.</summary>
    /// <param name="address">The addresses of the coordinators.</param>
    /// <param name="pool">The pool whose workers use the objects.</param>
    /// <param name="directory">A directory for the histories.</param>
    /// <param name="seed">The seed of the calls.</param>
    public static ObjectLoad Start(string address, ProcessPool pool, string directory, int seed)
    {
        var load = new ObjectLoad(address, pool, directory, seed);
        load._rounds = Task.Run(load.RunAllAsync);
        return load;
    }

    /// <summary>Waits until a round that starts from now on has completed.</summary>
    public async Task NextAsync()
    {
        var completed = Completed;
        await Guard.UntilAsync(() => Completed > completed + 1 || _rounds.IsCompleted, Longest * 2);
        if (_rounds.IsCompleted)
            await _rounds;
    }

    /// <summary>Ends the current round, and verifies that no history had a violation.</summary>
    /// <returns>A line about the rounds.</returns>
    public async Task<string> FinishAsync()
    {
        await _stopped.CancelAsync();
        await _rounds;
        return $"{Completed} rounds of objects completed and {Lost} lost their coordinator; {_steps} steps, {_deadRuns} runs died.";
    }

    private async Task RunAllAsync()
    {
        while (!_stopped.IsCancellationRequested)
        {
            try
            {
                await RunRoundAsync().WaitAsync(Longest);
                Completed++;
            }
            catch (Exception exception) when (exception is CoordinatorLostException or CoordinatorUnreachableException)
            {
                Lost++;
            }
        }
    }

    private async Task RunRoundAsync()
    {
        var directory = Directory.CreateDirectory(Path.Combine(_directory, Guid.NewGuid().ToString("N")));
        try
        {
            await using var manager = await Manager.StartAsync(_address);
            var objects = await SharedObjects.CreateAsync(manager);
            var barrier = await manager.CreateBarrierAsync(BarrierRun.Parties);
            await Task.WhenAll(StartRuns(objects, barrier, directory.FullName));
            // Throws if the objects were lost with their coordinator.
            await ObjectRun.DrainAsync(objects.Queue, "queue", directory.FullName);
            Check(directory.FullName, "queue");
        }
        catch (CoordinatorLostException)
        {
            Check(directory.FullName);
            throw;
        }
        finally
        {
            DeleteHistories(directory);
        }
    }

    /// <summary>A worker of a node that was cut off may still write. Then the owner of the parent directory deletes the files.</summary>
    private static void DeleteHistories(DirectoryInfo directory)
    {
        try
        {
            directory.Delete(recursive: true);
        }
        catch (IOException)
        {
            // See above.
        }
    }

    private IEnumerable<Task> StartRuns(SharedObjects objects, ManagedBarrier barrier, string directory)
    {
        for (var run = 0; run < Runs; run++)
        {
            yield return ObjectRun.ExecuteAsync(objects, directory, _random.Next(), Milliseconds);
            var seed = _random.Next();
            yield return EndAsync(_pool.ApplyAsync(() => ObjectRun.Execute(objects, directory, seed, Milliseconds)));
        }

        yield return BarrierRun.ExecuteAsync(barrier, directory, BarrierRounds);
        yield return EndAsync(_pool.ApplyAsync(BarrierRun.Execute, barrier, directory, BarrierRounds));
    }

    /// <summary>Waits for a job, which may end with the loss of its worker or coordinator.</summary>
    private static async Task EndAsync(ActionJobHandle job)
    {
        try
        {
            await job;
        }
        catch (Exception exception) when (exception is WorkerLostException or CoordinatorLostException or ManagedObjectGoneException)
        {
            // Its run has no last step.
        }
    }

    private void Check(string directory, params string[] drained)
    {
        var history = new ObjectHistory(HistoryFile.ReadAll(directory));
        _steps += history.Steps;
        _deadRuns += history.DeadRuns;
        var violations = history.FindViolations(drained);
        if (violations.Count > 0)
            throw new InvalidOperationException($"The history of shared objects has violations:\n{string.Join('\n', violations)}");
    }
}
