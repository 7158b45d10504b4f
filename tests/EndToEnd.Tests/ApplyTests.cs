using System.Collections.Frozen;
using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

public sealed class ApplyTests(WarmPool warm) : IClassFixture<WarmPool>
{
    private readonly ProcessPool _pool = warm.Pool;

    [Fact]
    public async Task ApplyAsync_StaticMethod_RunsInAnotherProcess()
    {
        var processId = await _pool.ApplyAsync(ProcessId).Soon();

        Assert.NotEqual(Environment.ProcessId, processId);
        Assert.Contains(_pool.Workers, worker => worker.ProcessId == processId);
    }

    [Fact]
    public async Task ApplyAsync_Lambda_ReturnsItsResult() => Assert.Equal(42, await _pool.ApplyAsync(x => x * 2, 21).Soon());

    [Fact]
    public async Task ApplyAsync_Closure_CarriesCapturedVariables()
    {
        var (factor, name) = (3, "n");

        Assert.Equal("n=21", await _pool.ApplyAsync(x => $"{name}={x * factor}", 7).Soon());
    }

    [Fact]
    public async Task ApplyAsync_ClosureThatAssigns_ChangesOnlyTheCopy()
    {
        var count = 1;

        Assert.Equal(2, await _pool.ApplyAsync(() => ++count).Soon());
        Assert.Equal(1, count);
    }

    // The compiler stores the delegate of such a lambda in the closure itself.
    [Fact]
    public async Task ApplyAsync_ClosureInsideALoop_CarriesCapturedVariables()
    {
        var factor = 3;
        var results = new List<int>();
        for (var i = 0; i < 3; i++)
            results.Add(await _pool.ApplyAsync(x => x * factor, i).Soon());

        Assert.Equal("0 3 6", string.Join(" ", results));
    }

    [Fact]
    public async Task ApplyAsync_LocalFunction_ReturnsItsResult()
    {
        Assert.Equal(120, await _pool.ApplyAsync(Factorial, 5).Soon());

        static int Factorial(int n) => n < 2 ? 1 : n * Factorial(n - 1);
    }

    [Fact]
    public async Task ApplyAsync_AsyncFunction_ReturnsResultOfItsTask() =>
        Assert.Equal("ab", await _pool.ApplyAsync(JoinLater, "a", "b").Soon());

    [Fact]
    public async Task ApplyAsync_ValueTaskFunction_ReturnsResultOfItsTask()
    {
        using var file = new TempFile();

        Assert.Equal("ab", await _pool.ApplyAsync(JoinLaterByValue, "a", "b").Soon());
        await _pool.ApplyAsync(WriteLaterByValue, file.Path, "done").Soon();
        // An async lambda converts to Task or ValueTask; the compiler prefers Task.
        Assert.Equal(3, await _pool.ApplyAsync(async x => await ValueTask.FromResult(x), 3).Soon());

        Assert.Equal("done", await File.ReadAllTextAsync(file.Path));
    }

    [Fact]
    public async Task ApplyAsync_AsyncWithoutResult_EndsWithItsTask()
    {
        using var file = new TempFile();

        await _pool.ApplyAsync(WriteLater, file.Path, "done").Soon();

        Assert.Equal("done", await File.ReadAllTextAsync(file.Path));
    }

    [Fact]
    public async Task ApplyAsync_Void_EndsAfterTheCall()
    {
        using var file = new TempFile();

        await _pool.ApplyAsync(path => File.WriteAllText(path, "x"), file.Path).Soon();

        Assert.Equal("x", await File.ReadAllTextAsync(file.Path));
    }

    [Fact]
    public async Task ApplyAsync_InstanceMethod_CarriesTheInstance()
    {
        var account = new Account { Owner = "sxt", Balance = 40 };

        Assert.Equal("sxt has 42", await _pool.ApplyAsync(account.Deposit, 2).Soon());
        Assert.Equal(40, account.Balance);
    }

    [Fact]
    public async Task ApplyAsync_ThreeArguments_ArriveInOrder() =>
        Assert.Equal("1 b 3.5", await _pool.ApplyAsync(Join3, 1, "b", 3.5).Soon());

    [Fact]
    public async Task ApplyAsync_LambdaWithEightArguments_CarriesThem()
    {
        var (a, b, c, d, e, f, g, h) = (1, "b", 3.5, true, 'e', 6L, (byte)7, 8m);
        Assert.Equal("1 b 3.5 True e 6 7 8", await _pool.ApplyAsync(() => Join8(a, b, c, d, e, f, g, h)).Soon());
    }

    [Fact]
    public async Task ApplyAsync_NullArgumentAndResult_StayNull() => Assert.Null(await _pool.ApplyAsync(Same, (string?)null).Soon());

    [Fact]
    public async Task ApplyAsync_LargeArgumentAndResult_ArriveWhole()
    {
        var bytes = new byte[5_000_000];
        new Random(1).NextBytes(bytes);

        Assert.Equal(bytes, await _pool.ApplyAsync(Reversed, await _pool.ApplyAsync(Reversed, bytes).Soon()).Soon());
    }

    [Fact]
    public void Apply_Function_BlocksUntilTheResult() => Assert.Equal("hello sxt", _pool.Apply(name => $"hello {name}", "sxt"));

    [Fact]
    public void Apply_FunctionThatThrows_ThrowsItsException() =>
        Assert.Equal("why", Assert.Throws<InvalidOperationException>(() => _pool.Apply(Throw, "why")).Message);

    /// <summary>The worker uses the rule of the key, with its own hash codes.</summary>
    [Fact]
    public async Task ApplyAsync_KeysWithTheirOwnEquals_AreFound()
    {
        var ages = new Dictionary<Name, int> { [new Name("Ann", 1)] = 5 };
        var other = new Name("ANN", 2);

        Assert.Equal(5, await _pool.ApplyAsync((known, name) => known[name], ages, other).Soon());
        Assert.Equal(5, await _pool.ApplyAsync((known, name) => known[name], ages.ToFrozenDictionary(), other).Soon());
        Assert.True(await _pool.ApplyAsync((known, name) => known.Contains(name), ages.Keys.ToHashSet(), other).Soon());
        var back = await _pool.ApplyAsync(names => names.ToDictionary(name => name, name => name.Version), ages.Keys.ToArray()).Soon();
        Assert.Equal(1, back[other]);
    }

    [Fact]
    public async Task ApplyAsync_ThousandsOfJobs_EachGetsItsOwnResult()
    {
        var jobs = Enumerable.Range(0, 5000).Select(i => _pool.ApplyAsync(x => x + 1, i)).ToArray();

        for (var i = 0; i < jobs.Length; i++)
            Assert.Equal(i + 1, await jobs[i].Soon());
    }

    [Fact]
    public async Task ApplyAsync_FromManyThreads_EachGetsItsOwnResult()
    {
        var sums = await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(async () =>
        {
            var sum = 0L;
            for (var i = 0; i < 200; i++)
                sum += await _pool.ApplyAsync((a, b) => a * b, thread, i).Soon();
            return sum;
        }))).Soon();

        Assert.Equal(Enumerable.Range(0, 8).Select(thread => thread * 199L * 100), sums);
    }

    private static int ProcessId() => Environment.ProcessId;

    private static string? Same(string? text) => text;

    private static byte[] Reversed(byte[] bytes) => [.. bytes.Reverse()];

    private static int Throw(string message) => throw new InvalidOperationException(message);

    private static async Task<string> JoinLater(string a, string b)
    {
        await Task.Yield();
        return a + b;
    }

    private static async ValueTask<string> JoinLaterByValue(string a, string b) => await JoinLater(a, b);

    private static async ValueTask WriteLaterByValue(string path, string text) => await WriteLater(path, text);

    private static async Task WriteLater(string path, string text)
    {
        await Task.Yield();
        await File.WriteAllTextAsync(path, text);
    }

    private static string Join3(int a, string b, double c) => FormattableString.Invariant($"{a} {b} {c}");

    private static string Join8(int a, string b, double c, bool d, char e, long f, byte g, decimal h) => $"{a} {b} {c} {d} {e} {f} {g} {h}";

    private sealed class Account
    {
        public string Owner { get; init; } = "";

        public int Balance { get; set; }

        public string Deposit(int amount) => $"{Owner} has {Balance += amount}";
    }

    private sealed record Name(string Text, int Version)
    {
        public bool Equals(Name? other) => string.Equals(Text, other?.Text, StringComparison.OrdinalIgnoreCase);

        public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(Text);
    }
}
