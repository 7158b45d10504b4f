using Actors.Cluster.Tests.Programs;

namespace Actors.Cluster.Tests.Long;

/// <summary>A machine that pauses with all its programs, such as one that sleeps, is migrated or is overloaded.</summary>
public sealed class StandstillTests
{
    /// <summary>
    /// Longer than any timeout for silence. A node ends its jobs after 3 s without its coordinator, because they may run elsewhere by then.
    /// </summary>
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
        // Long enough for all removals.
        await Task.Delay(Standstill);
        await File.WriteAllTextAsync(Path.Combine(words.FullName, "go"), "");

        await client.SaysAsync("result 0");
        words.Delete(recursive: true);
    }
}
