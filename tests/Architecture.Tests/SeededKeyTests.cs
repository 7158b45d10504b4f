using System.Text.RegularExpressions;

namespace Actors.Architecture.Tests;

/// <summary>Dictionaries of programs that accept connections, whose keys contain numbers.</summary>
public sealed partial class SeededKeyTests
{
    /// <summary>The projects that read messages of peers which may be hostile.</summary>
    private static readonly string[] Projects = ["src/Messages", "src/Remoting", "src/Coordinator", "src/WorkerNode"];

    /// <summary>The dictionaries whose keys no peer chooses, or which are small, with the reason.</summary>
    private static readonly Dictionary<string, string> Permitted = new()
    {
        ["ReachableCode"] = "code of this program",
        ["CaptureAnalysis"] = "code of this program",
        ["ClosureFormatter"] = "a client's closures in a worker",
        ["PeerWatches"] = "secure hashes",
        ["ItemKeys"] = "secure hashes",
        ["ItemLeases"] = "numbers of the queue",
        ["DurableCalls"] = "numbers of this program",
        ["DurableCallersActor"] = "stores of this program",
        ["DurableObjectState"] = "numbers of the object",
        ["ClientProgress"] = "4 MiB of reports, and seeded ids of jobs",
        ["PoolSessions"] = "ranges in sequence",
        ["RetriedJobs"] = "ranges in sequence",
        ["ChaosActor"] = "operators only",
        ["AnswerReceipts"] = "random numbers of this program",
        ["PeerObjectsActor"] = "numbers of coordinators",
        ["AssignedJobs"] = "the jobs of one worker",
        ["ExecutorFrames"] = "at most 4096 callers",
        ["CallerRelay"] = "at most 4096 callers",
        ["JobDeadlines"] = "the jobs of one worker",
        ["RunSpans"] = "the jobs of one worker",
    };

    /// <summary>
    /// The hash codes of numbers are known. A peer that chooses them could make each lookup search the whole dictionary.
    /// </summary>
    [Fact]
    public void Dictionary_WithNumbersAsKeys_HasASeededComparer() => Assert.Empty(
        from project in Projects
        from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, project), "*.cs", SearchOption.AllDirectories)
        where !file.Contains("/obj/", StringComparison.Ordinal)
            && !Permitted.ContainsKey(Path.GetFileNameWithoutExtension(file).Split('.')[0])
        from match in NumberedFields().Matches(File.ReadAllText(file)).Cast<Match>()
        where !match.Value.Contains("Seeded", StringComparison.Ordinal)
        select $"{Path.GetFileName(file)}: {match.Value}");

    /// <summary>A field of a dictionary or a set whose key is a number, or a tuple with one.</summary>
    [GeneratedRegex(@"(Dictionary|HashSet)<(\([^()]*\b)?(long|ulong|int|uint|Guid|UInt128)\b[^;{}]*? _\w+ =[^;]*;")]
    private static partial Regex NumberedFields();
}
