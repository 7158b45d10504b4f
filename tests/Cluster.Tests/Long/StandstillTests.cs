using Actors.Cluster.Tests.Programs;

namespace Actors.Cluster.Tests.Long;

/// <summary>A machine that stands still with all that is on it, as one does that sleeps, is moved or is starved.</summary>
public sealed class StandstillTests
{
    /// <summary>Longer than anybody may be silent, but for a node: it ends what runs there when it has not heard its coordinator for 3 s, for that may have given the job to another.</summary>
    private static readonly TimeSpan Standstill = TimeSpan.FromSeconds(15);

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task AllPrograms_Paused_Continue()
    {
        await using var cluster = new TestCluster();
        var words = Directory.CreateTempSubdirectory("standstill-");
        await cluster.StartWithAsync(1);
        var client = cluster.Run("Actors.Cluster.Tests.dll", cluster.Address, "word", words.FullName);
        await Guard.UntilAsync(() => File.Exists(Path.Combine(words.FullName, "began-0")));

        var all = cluster.Processes().ToList();
        all.ForEach(RoleProcess.Pause);
        await Task.Delay(Standstill);
        all.ForEach(RoleProcess.Resume);
        // So that whoever gives another up has done so.
        await Task.Delay(Standstill);
        await File.WriteAllTextAsync(Path.Combine(words.FullName, "go"), "");

        await client.SaysAsync("result 0");
        words.Delete(recursive: true);
    }
}
