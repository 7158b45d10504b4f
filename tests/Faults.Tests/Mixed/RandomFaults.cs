using Actors.Faults.Tests.Primitives;
using Actors.Faults.Tests.Programs;

namespace Actors.Faults.Tests.Mixed;

/// <summary>
/// Causes random faults, one at a time, from a seed. The first coordinator and the first node survive them all, because their resources are
/// measured.
/// </summary>
internal sealed class RandomFaults(
    FaultCluster cluster, FaultNetwork network, FullDisk disk, Func<ProcessPool> pool, Random random, Action<string> report)
{
    private const int Coordinators = 3;

    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>Gets a line about the faults so far.</summary>
    public string Summary => string.Join(", ", _counts.Select(count => $"{count.Key} {count.Value}"));

    private SupervisedProgram Victim => cluster.Coordinators[random.Next(1, Coordinators)];

    private SupervisedProgram Node => cluster.Nodes[^1];

    /// <summary>Causes a fault, and ends it.</summary>
    /// <returns>The name of the fault.</returns>
    public async Task<string> CauseNextAsync()
    {
        (string Name, Func<Task> CauseAsync)[] faults =
        [
            ("worker killed", KillWorkerAsync),
            ("worker killed", KillWorkerAsync),
            ("node killed", () => KillAsync(Node)),
            ("coordinator killed", () => KillAsync(Victim)),
            ("coordinator paused", () => PauseAsync(Victim)),
            ("coordinator restarted", () => Victim.RestartAsync()),
            ("node restarted", () => Node.RestartAsync()),
            ("coordinator cut off", () => CutOffAsync(random.Next(2, Coordinators + 1))),
            ("node cut off", () => CutOffAsync(Coordinators + 2)),
            ("connections reset", ResetAsync),
            ("disk full", FillDiskAsync),
            ("no descriptors", () => ExhaustAsync(Victim)),
        ];
        var (name, causeAsync) = faults[random.Next(faults.Length)];
        report($"fault: {name}");
        await causeAsync();
        _counts[name] = _counts.GetValueOrDefault(name) + 1;
        await Task.WhenAll(cluster.Programs.Select(program => program.UntilReadyAsync()));
        return name;
    }

    private TimeSpan RandomTime(int mostSeconds) => TimeSpan.FromSeconds(random.NextDouble() * mostSeconds);

    private Task KillWorkerAsync()
    {
        if (pool().Workers.Where(worker => !worker.HasExited).ToList() is { Count: > 0 } workers)
            pool().Kill(workers[random.Next(workers.Count)]);
        return Task.CompletedTask;
    }

    private static async Task KillAsync(SupervisedProgram program)
    {
        var starts = program.Starts;
        program.Kill();
        await Guard.UntilAsync(() => program.Starts > starts);
    }

    private async Task PauseAsync(SupervisedProgram program)
    {
        var paused = program.Current;
        await paused.PauseBetweenWritesAsync();
        await Task.Delay(RandomTime(20));
        paused.Resume();
    }

    private async Task CutOffAsync(int machine)
    {
        using (network.CutOff(machine))
            await Task.Delay(RandomTime(20));
    }

    private async Task ResetAsync()
    {
        network.ResetConnections(random.Next(1, Coordinators + cluster.Nodes.Count + 1));
        await Task.Delay(RandomTime(2));
    }

    private async Task FillDiskAsync()
    {
        disk.Fill();
        await Task.Delay(RandomTime(10));
        disk.Free();
    }

    private async Task ExhaustAsync(SupervisedProgram program)
    {
        using (Descriptors.Exhaust(program.Current.Id))
            await Task.Delay(RandomTime(10));
    }
}
