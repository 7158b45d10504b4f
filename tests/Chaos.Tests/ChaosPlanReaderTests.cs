using Actors.Chaos.Plans;
using Actors.Messages.Chaos;

namespace Actors.Chaos.Tests;

public class ChaosPlanReaderTests
{
    public static TheoryData<string> ReadyMade => [.. Directory.GetFiles(Plans, "*.conf").Select(Path.GetFileName).OfType<string>()];

    private static string Plans => Path.Combine(FindRoot(new DirectoryInfo(AppContext.BaseDirectory)), "config/chaos");

    [Theory]
    [MemberData(nameof(ReadyMade))]
    public void Read_ReadyMadePlan_HasFaultsInFiveMinutes(string file)
    {
        var plan = ChaosPlanReader.ReadFile(Path.Combine(Plans, file));

        Assert.NotEmpty(ChaosSchedule.CreateSchedule(plan, plan.Seed, TimeSpan.FromMinutes(5)));
        ImpossiblePlans.RequirePossible(plan, coordinators: 3, nodes: 2, hasStore: true);
    }

    [Fact]
    public void Read_ReadyMadePlans_CoverEveryAction()
    {
        var actions = ChaosPlanReader.ReadFile(Path.Combine(Plans, "everything.conf")).Faults.Select(fault => fault.Action).ToHashSet();

        Assert.Equal(Enum.GetValues<ChaosAction>().ToHashSet(), actions);
    }

    [Theory]
    [MemberData(nameof(ReadyMade))]
    public void ReadyMadePlan_EachKey_HasAComment(string file)
    {
        var lines = File.ReadAllLines(Path.Combine(Plans, file)).Select(line => line.Trim()).ToList();
        var keys = lines.Index().Where(line => line.Item.Contains('=', StringComparison.Ordinal) && !line.Item.StartsWith('#'));

        Assert.All(keys, key => Assert.StartsWith("#", lines[key.Index - 1], StringComparison.Ordinal));
    }

    [Fact]
    public void Read_AllKeys_GivesThem()
    {
        var plan = Read(
            """
            chaos {
              name = "A plan"
              seed = 7
              warm-up = 1s
              cool-down = 2s
              spacing = 500ms
              recover-within = 1m
              load { jobs-in-flight = 3, job-duration = 5ms, queue = off, lock = off }
              faults = [
                { kind = partition, target = node, peers = one-coordinator, direction = inbound
                  messages = discard, flap = 1s, for = 4s, at = 2s }
                { kind = slow-disk, which = all, delay = 1s, fail-percent = 10, for = 3s, every = 9s }
              ]
            }
            """);

        Assert.Equal(
            ("A plan", 7L, TimeSpan.FromMilliseconds(500), TimeSpan.FromMinutes(1)),
            (plan.Name, plan.Seed, plan.Spacing, plan.RecoverWithin));
        Assert.Equal(new LoadPlan(3, TimeSpan.FromMilliseconds(5), false, false), plan.Load);
        var (partition, disk) = (plan.Faults[0], plan.Faults[1]);
        Assert.Equal(
            (ChaosTargetKind.Node, PartitionScope.OneCoordinator, TimeSpan.FromSeconds(2)),
            (partition.Target, partition.Scope, partition.At));
        Assert.Equal((ChaosPeers.Coordinators, ChaosDirection.Inbound, true, 1000, 4000),
            (partition.Fault.Peers, partition.Fault.Direction, partition.Fault.DiscardsMessages, partition.Fault.FlapMilliseconds,
                partition.Fault.Milliseconds));
        Assert.Equal(
            (true, 1000, 10, TimeSpan.FromSeconds(9)),
            (disk.HitsAll, disk.Fault.DelayMilliseconds, disk.Fault.FailurePercent, disk.Every));
    }

    [Theory]
    [InlineData("{ kind = kill-worker, every = 5s, evry = 1s }", "line 4: chaos.faults[0].evry", "every")]
    [InlineData("{ kind = kill-workers, every = 5s }", "line 4: chaos.faults[0].kind", "kill-coordinator")]
    [InlineData("{ kind = kill-worker, every = 5 }", "line 4: chaos.faults[0].every", "such as 500ms")]
    [InlineData("{ kind = kill-worker, every = 5s, for = 1s }", "chaos.faults[0].for", "is not a key")]
    [InlineData("{ kind = kill-worker }", "chaos.faults[0].kind", "'every' or the key 'at'")]
    [InlineData("{ kind = kill-worker, every = 5s, at = 1s }", "chaos.faults[0].at", "'every' or the key 'at'")]
    [InlineData("{ kind = pause-node, every = 5s }", "chaos.faults[0].kind", "'for'")]
    [InlineData("{ kind = partition, target = node, peers = clients, for = 1s, at = 1s }", "chaos.faults[0].peers", "coordinators only")]
    [InlineData("{ kind = partition, flap = 5s, for = 1s, at = 1s }", "chaos.faults[0].flap", "shorter")]
    [InlineData("{ kind = slow-disk, fail-percent = 101, for = 1s, at = 1s }", "chaos.faults[0].fail-percent", "from 0 to 100")]
    [InlineData("{ kind = slow-disk, delay = 1m, for = 1s, at = 1s }", "chaos.faults[0].delay", "at most 30s")]
    [InlineData("{ every = 5s }", "chaos.faults[0].kind", "is missing")]
    [InlineData("5", "chaos.faults", "in braces")]
    public void Read_WrongFault_NamesKeyAndRemedy(string fault, string where, string remedy)
    {
        var exception = Assert.Throws<ChaosPlanException>(
            () => Read($"chaos {{\n  # A comment: every = x\n  faults = [\n    {fault}\n  ]\n}}\n"));

        Assert.Contains("plan.conf", exception.Message, StringComparison.Ordinal);
        Assert.Contains(where, exception.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("chaos { sed = 1 }", "line 1: chaos.sed")]
    [InlineData("chaos { seed = -1 }", "chaos.seed")]
    [InlineData("chaos { load.queue = maybe }", "chaos.load.queue")]
    [InlineData("chaos { load.jobs = 5 }", "chaos.load.jobs")]
    [InlineData("chaos { load = 5 }", "chaos.load")]
    [InlineData("chaos { warm-up = -5s }", "chaos.warm-up")]
    [InlineData("chaoss { }", "no object 'chaos'")]
    [InlineData("", "no object 'chaos'")]
    [InlineData("chaos {", "chaos.faults must be a list of at least one fault")]
    [InlineData("chaos { faults = [] }", "chaos.faults must be a list of at least one fault")]
    [InlineData("chaos = 5", "chaos must be an object")]
    public void Read_WrongPlan_NamesKey(string text, string where)
    {
        var withFaults = text.StartsWith("chaos { ", StringComparison.Ordinal) && !text.Contains("faults", StringComparison.Ordinal)
            ? text[..^1] + ", faults = [ { kind = kill-worker, every = 5s } ] }"
            : text;

        Assert.Contains(where, Assert.Throws<ChaosPlanException>(() => Read(withFaults)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_KeyInALaterFault_NamesItsLine()
    {
        var exception = Assert.Throws<ChaosPlanException>(() => Read(
            "chaos {\n  faults = [\n    { kind = kill-node, every = 5s }\n    {\n      kind = kill-node\n      every = x\n    }\n  ]\n}"));

        Assert.StartsWith("plan.conf, line 6: chaos.faults[1].every is 'x'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadFile_MissingFile_IsAPlanError() =>
        Assert.Contains(
            "nowhere.conf", Assert.Throws<ChaosPlanException>(() => ChaosPlanReader.ReadFile("nowhere.conf")).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("kill-coordinator, every = 9s", 2, 1, true, "no majority")]
    [InlineData("partition, for = 1s, every = 9s", 1, 1, true, "no majority")]
    [InlineData("partition, peers = one-node, for = 1s, every = 9s", 3, 0, true, "no worker node")]
    [InlineData("kill-worker, every = 9s", 3, 0, true, "no worker node")]
    [InlineData("slow-disk, for = 1s, every = 9s", 3, 1, false, "no store")]
    public void RequirePossible_ImpossibleFault_IsRefused(string fault, int coordinators, int nodes, bool hasStore, string reason)
    {
        var plan = Read($"chaos {{ faults = [ {{ kind = {fault} }} ] }}");

        var exception = Assert.Throws<ChaosPlanException>(() => ImpossiblePlans.RequirePossible(plan, coordinators, nodes, hasStore));

        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.Contains("chaos.faults[0]", exception.Message, StringComparison.Ordinal);
    }

    private static ChaosPlan Read(string text) => ChaosPlanReader.ReadText("plan.conf", text);

    private static string FindRoot(DirectoryInfo from) =>
        File.Exists(Path.Combine(from.FullName, "Actors.sln")) ? from.FullName : FindRoot(from.Parent!);
}
