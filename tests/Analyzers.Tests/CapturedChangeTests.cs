namespace Actors.Analyzers.Tests;

/// <summary>ACTORS106 for objects: those of captured variables, and the enclosing one.</summary>
public class CapturedChangeTests
{
    private const string Start = """
        using System.Collections.Concurrent;
        using System.Collections.Immutable;
        using System.Text;
        await using var pool = await ProcessPool.StartAsync(1);
        List<int> list = [1];
        int[] items = [1];
        int[] counts = [1];
        var sums = new Dictionary<int, int>();
        var report = new Report();

        """;

    private const string Types = """

        class Report
        {
            public int Total;
            public int Count { get; set; }
            public int Doubled { get => Total; set => Total = value / 2; }
            public List<int> Pages = [];
            public void Add(int page) => Pages.Add(page);
        }
        """;

    [Theory]
    [InlineData("await pool.ApplyAsync(x => { [|list|].Add(x); }, 1); Console.WriteLine(list.Count);")]
    [InlineData("await pool.ApplyAsync(x => [|list|].Add(x), 1); foreach (var x in list) { }")]
    [InlineData("await pool.ApplyAsync(x => { [|sums|][x] = x; }, 1); Console.WriteLine(sums[1]);")]
    [InlineData("await pool.MapAsync(x => [|sums|][x] += x, items); Console.WriteLine(sums[1]);")]
    [InlineData("await pool.ApplyAsync(x => { [|sums|][x] = sums.GetValueOrDefault(x) + 1; }, 1); Console.WriteLine(sums.Count);")]
    [InlineData("await pool.ApplyAsync(x => { [|counts|][x] = 1; }, 1); Console.WriteLine(counts[0]);")]
    [InlineData("await pool.ApplyAsync(x => { Interlocked.Increment(ref [|counts|][x]); }, 1); Console.WriteLine(counts[0]);")]
    [InlineData("await pool.ApplyAsync(x => { ([|counts|][0], var y) = (x, x); }, 1); Console.WriteLine(counts[0]);")]
    [InlineData("await pool.ApplyAsync(x => { if (!list.Contains(x)) { [|list|].Add(x); } }, 1); Console.WriteLine(list[0]);")]
    [InlineData("var bag = new ConcurrentBag<int>(); await pool.ApplyAsync(x => [|bag|].Add(x), 1); Console.WriteLine(bag.Count);")]
    [InlineData("var text = new StringBuilder(); await pool.ApplyAsync(x => { [|text|].Append(x); }, 1); Console.WriteLine(text);")]
    [InlineData("var queue = new Queue<int>(items); await pool.ApplyAsync(() => [|queue|].Dequeue()); Console.WriteLine(queue.Count);")]
    [InlineData("ICollection<int> all = list; await pool.ApplyAsync(x => { [|all|].Add(x); }, 1); Console.WriteLine(all.Count);")]
    [InlineData("List<int>? all = list; await pool.ApplyAsync(x => { [|all|]?.Add(x); }, 1); Console.WriteLine(all.Count);")]
    [InlineData("await pool.ApplyAsync(x => { [|report|].Total += x; }, 1); Console.WriteLine(report.Total);")]
    [InlineData("await pool.MapAsync(x => [|report|].Count++, items); Console.WriteLine(report.Count);")]
    [InlineData("await pool.ApplyAsync(x => { [|report|].Pages.Add(x); }, 1); Console.WriteLine(report.Pages.Count);")]
    [InlineData("await pool.ApplyAsync(x => { [|report|].Pages[0] = x; }, 1); Console.WriteLine(report.Pages.Count);")]
    [InlineData("await pool.ApplyAsync(Note, 1); Console.WriteLine(list.Count);\nvoid Note(int x) => [|list|].Add(x);")]
    [InlineData(
        "await pool.ApplyAsync(x => { int[] all = [x]; Array.ForEach(all, y => [|list|].Add(y)); }, 1); Console.WriteLine(list.Count);")]
    [InlineData(
        "await Fill(pool, list);\nstatic async Task Fill(ProcessPool p, List<int> s) => await p.ApplyAsync(x => { [|s|].Add(x); }, 1);")]
    public async Task Job_ChangesCapturedObjectThatIsUsedLater_Reported(string code)
    {
        var found = await UserCode.CheckAsync($"{Start}{code}{Types}");

        Assert.Equal("ACTORS106", found!.Id);
        Assert.StartsWith("The job changes its copy of '", found.GetMessage(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("await pool.MapAsync(x => { List<int> own = [x]; own.Add(x); return own; }, items); Console.WriteLine(list.Count);")]
    [InlineData("await pool.ApplyAsync(x => { var own = list.ToList(); own.Add(x); }, 1); Console.WriteLine(list.Count);")]
    [InlineData("await pool.ApplyAsync(all => all.Add(1), list); Console.WriteLine(list.Count);")]
    [InlineData("await pool.ApplyAsync(() => { list.Add(1); return list; }); Console.WriteLine(list.Count);")]
    [InlineData("await pool.ApplyAsync(() => { list.Add(1); return (list, 2); }); Console.WriteLine(list.Count);")]
    [InlineData("await pool.ApplyAsync(() => { list.Add(1); return Sum(list); }); list.Clear();\nstatic int Sum(List<int> all) => 1;")]
    [InlineData("list = await pool.ApplyAsync(() => { list.Add(1); return list.ToList(); }); Console.WriteLine(list.Count);")]
    [InlineData("Console.WriteLine(list.Count); await pool.ApplyAsync(() => { list.Add(1); return list.Count; });")]
    [InlineData("await pool.ApplyAsync(() => { list.Add(1); });")]
    [InlineData("await Set(1);\nasync Task Set(int n) => await pool.ApplyAsync(() => { n = 1; });")]
    [InlineData("await pool.MapAsync(x => list.Contains(x), items); Console.WriteLine(list.Count);")]
    [InlineData("await pool.ApplyAsync(x => report.Add(x), 1); Console.WriteLine(report.Total);")]
    [InlineData("await pool.ApplyAsync(x => { report.Doubled = x; }, 1); Console.WriteLine(report.Total);")]
    [InlineData("Parallel.ForEach(items, x => list.Add(x)); Console.WriteLine(list.Count);")]
    [InlineData("await pool.ApplyAsync(x => { shared.Add(x); }, 1); Console.WriteLine(shared);")]
    [InlineData("await pool.ApplyAsync(x => { map[x] = x; map.Remove(x); }, 1); Console.WriteLine(map);")]
    [InlineData("await pool.ApplyAsync(x => { total.Value += x; }, 1); Console.WriteLine(await total.GetAsync());")]
    [InlineData("await pool.ApplyAsync(x => { queue.Put(x); array[0] = x; }, 1); Console.WriteLine(array[0]);")]
    [InlineData("await pool.ApplyAsync(x => { big.Value.Add(x); }, 1); Console.WriteLine(big.Value.Count);")]
    [InlineData("var all = ImmutableList<int>.Empty; await pool.MapAsync(x => all.Add(x), items); Console.WriteLine(all);")]
    public async Task Job_ChangesNothingThatIsLost_Accepted(string code) => Assert.Null(await UserCode.CheckAsync(
        $$"""
        {{Start}}
        await Run(null!, null!, null!, null!, null!, null!);
        async Task Run(ManagedList<int> shared, ManagedDictionary<int, int> map, ManagedValue<int> total, ManagedQueue<int> queue,
            ManagedArray<int> array, Shared<List<int>> big)
        {
            {{code.Split('\n')[0]}}
        }
        {{string.Join('\n', code.Split('\n').Skip(1))}}{{Types}}
        """));

    [Theory]
    [InlineData("await pool.ApplyAsync(x => { [|_total|] += x; }, 1);")]
    [InlineData("await pool.MapAsync(x => [|_total|] += x, [1]); Console.WriteLine(_total);")]
    [InlineData("await pool.MapAsync(x => [|_total|] += x, [1]);")]
    [InlineData("await pool.ApplyAsync(x => { [|Count|]++; }, 1);")]
    [InlineData("await pool.ApplyAsync(x => { [|this.Count|]++; }, 1);")]
    [InlineData("await pool.ApplyAsync(x => { Interlocked.Add(ref [|_total|], x); }, 1);")]
    [InlineData("await pool.ApplyAsync(x => { [|_pages|].Add(x); }, 1);")]
    [InlineData("await pool.ApplyAsync(x => { [|_names|][x] = \"a\"; }, 1);")]
    [InlineData("await pool.ApplyAsync(Note, 1); void Note(int x) { [|_pages|].Add(x); }")]
    [InlineData("await pool.MapAsync(x => { [|_pages|].Add(x); return Compute(); }, [1]); Console.WriteLine(_pages.Count);")]
    public async Task Job_ChangesEnclosingObject_Reported(string code) =>
        Assert.Equal("ACTORS106", (await UserCode.CheckAsync(InClass(code)))!.Id);

    [Theory]
    [InlineData("await pool.MapAsync(x => { _total = x; return Compute(); }, [1]);")]
    [InlineData("await pool.MapAsync(x => { _total += x; return _total; }, [1]);")]
    [InlineData("var all = await pool.MapAsync(x => _total += x, [1]); Console.WriteLine(all);")]
    [InlineData("await pool.MapAsync(x => { _pages.Add(x); return _pages; }, [1]); Console.WriteLine(_pages.Count);")]
    [InlineData("_total = await pool.ApplyAsync(() => ++_total); Console.WriteLine(_total);")]
    [InlineData("await pool.MapAsync(x => { if (!_pages.Contains(x)) { _pages.Add(x); } return x; }, [1]);")]
    [InlineData("await pool.ApplyAsync(x => { s_pages.Add(x); }, 1);")]
    [InlineData("await pool.MapAsync(x => new Report { _total = x }._total, [1]);")]
    [InlineData("await pool.ApplyAsync(x => { Stored = x; }, 1);")]
    public async Task Job_UsesChangedCopyOfEnclosingObject_Accepted(string code) => Assert.Null(await UserCode.CheckAsync(InClass(code)));

    /// <summary>A job that is a method of the class is not examined, nor a change through a method.</summary>
    [Fact]
    public async Task Job_IsMethod_Accepted() => Assert.Null(await UserCode.CheckAsync(InClass("await pool.MapAsync(Compute, [1]);")));

    private static string InClass(string code) => $$"""
        Console.WriteLine(await new Report().RunAsync(null!));
        class Report
        {
            private static readonly List<int> s_pages = [];
            private readonly Dictionary<int, string> _names = new();
            private readonly List<int> _pages = [];
            private int _total;
            public int Count { get; set; }
            public int Stored { get => _total; set => _total = value; }
            public async Task<int> RunAsync(ProcessPool pool)
            {
                {{code}}
                return 0;
            }
            private int Compute() => _total++;
            private int Compute(int x) => _total += x;
        }
        """;
}
